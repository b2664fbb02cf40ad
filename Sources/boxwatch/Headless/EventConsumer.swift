import ExecEngine
import ExecModel
import Journal
import Synchronization

/// Does something with each event of one execution; used by one thread.
protocol EventConsumer: Sendable {
  /// Takes the next event; the bytes that it tells of can be read from `journal`.
  ///
  /// - Throws: ``Failure`` when what it needs cannot be read or written.
  func take(_ event: RecordedEvent, _ journal: JournalReader) throws

  /// Writes what waits for more, since no more is read.
  ///
  /// - Throws: ``Failure`` when it cannot be written.
  func finish() throws
}

/// Passes one stream's bytes on, untouched.
final class ByteConsumer: EventConsumer {
  private let stream: ExecStream
  private let output: OutputDescriptor
  private let onClosed: @Sendable () -> Void
  private let reader: Mutex<StreamReader>

  init(
    _ stream: ExecStream, _ output: OutputDescriptor, losses: Losses = .fail,
    _ buffer: ReadBuffer, onClosed: @escaping @Sendable () -> Void
  ) {
    self.stream = stream
    self.output = output
    self.onClosed = onClosed
    reader = Mutex(StreamReader(buffer, missing: losses.report))
  }

  func take(_ event: RecordedEvent, _ journal: JournalReader) throws {
    guard case .output(stream, let range, _) = event.event else { return }
    try reader.withLock { reader in
      try reader.read(journal, stream, range) { _, bytes in
        if try output.write(bytes) == .closed { onClosed() }
      }
    }
  }

  func finish() throws { try reader.withLock { try $0.finish(stream) } }
}

/// The ends of several executions, collected as their waits are answered.
final class Conclusions: Sendable {
  private let ends = Mutex<[ExecutionID: Conclusion?]>([:])

  /// Waits for one more execution.
  func expect(_ id: ExecutionID, from engine: Engine, waking wake: WakeDescriptor) throws {
    ends.withLock { $0[id] = .some(nil) }
    try engine.wait(id) { conclusion in
      self.ends.withLock { $0[id] = conclusion }
      wake.wake()
    }
  }

  /// Whether every expected end is known.
  var areComplete: Bool { ends.withLock { $0.values.allSatisfy { $0 != nil } } }

  /// One execution's end, when it is known.
  subscript(id: ExecutionID) -> Conclusion? { ends.withLock { $0[id] ?? nil } }
}

/// What is done about output that the record lacks.
enum Losses: Hashable, Sendable {
  /// It is a failure, since the command is ours and its output was promised whole; of a record that is lost it is told.
  case fail
  /// It is told, and reading goes on behind it: the record is another boxwatch's, or of the past.
  case told

  /// One line on standard error for each gap.
  var report: StreamReader.Missing? {
    switch self {
    case .fail: nil
    case .told:
      { stream, range in
        let count = range.upperBound - range.lowerBound
        Diagnostics.print("\(stream.name): \(count) bytes from offset \(range.lowerBound) on are not kept any more")
      }
    }
  }
}
