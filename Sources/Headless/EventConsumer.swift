import Console
import ExecEngine
import ExecModel
import Journal
import Linux
import Synchronization

/// Processes each event of one execution; used by one thread.
protocol EventConsumer: Sendable {
  /// Processes the next event; the bytes it announces can be read from `journal`.
  ///
  /// - Throws: ``/Console/Failure`` when reading or writing fails.
  func take(_ event: RecordedEvent, _ journal: JournalReader) throws

  /// Writes incomplete pending output, since no more events are read.
  ///
  /// - Throws: ``/Console/Failure`` when it cannot be written.
  func finish() throws
}

/// Copies one stream's bytes unchanged.
final class ByteConsumer: EventConsumer {
  private let stream: ExecStream
  private let output: OutputDescriptor
  private let onClosed: @Sendable () -> Void
  private let reader: Mutex<RecordedOutputReader>

  init(
    _ stream: ExecStream, _ output: OutputDescriptor, losses: Losses = .fail,
    _ buffer: ReadBuffer, onClosed: @escaping @Sendable () -> Void
  ) {
    self.stream = stream
    self.output = output
    self.onClosed = onClosed
    reader = Mutex(RecordedOutputReader(buffer, missing: losses.report))
  }

  func take(_ event: RecordedEvent, _ journal: JournalReader) throws {
    guard case .output(stream, let range, _, _) = event.event else { return }
    try reader.withLock { reader in
      try reader.read(journal, stream, range) { _, bytes in
        if try output.write(bytes) == .closed { onClosed() }
      }
    }
  }

  func finish() throws { try reader.withLock { try $0.finish(stream) } }
}

/// How output that is missing from the record is handled.
enum Losses: Hashable, Sendable {
  /// A failure, since the command is ours and its whole output was promised; when the record is
  /// lost, the gap is reported instead.
  case fail
  /// Reported, and reading continues after the gap: the record is another boxwatch's, or an old
  /// one.
  case reported

  /// Writes one line on standard error for each gap.
  var report: RecordedOutputReader.Missing? {
    switch self {
    case .fail: nil
    case .reported:
      { stream, range in
        let count = range.upperBound - range.lowerBound
        Diagnostics.print("\(stream.name): \(count) bytes from offset \(range.lowerBound) on are no longer kept")
      }
    }
  }
}
