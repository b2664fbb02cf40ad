import ExecModel
import Journal
import Synchronization

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
