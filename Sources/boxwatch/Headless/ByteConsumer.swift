import ExecModel
import Journal
import Synchronization

/// Passes one stream's bytes on, untouched.
final class ByteConsumer: EventConsumer {
  private let stream: ExecStream
  private let output: OutputDescriptor
  private let onClosed: @Sendable () -> Void
  private let reader = Mutex(StreamReader())

  init(_ stream: ExecStream, _ output: OutputDescriptor, onClosed: @escaping @Sendable () -> Void) {
    self.stream = stream
    self.output = output
    self.onClosed = onClosed
  }

  func take(_ event: RecordedEvent, _ journal: JournalReader) throws {
    switch event.event {
    case .output(stream, let range, _):
      try reader.withLock { reader in
        try reader.read(journal, stream, range) { bytes in
          if try output.write(bytes) == .closed { onClosed() }
        }
      }
    case .stalled(stream, let number) where number != 0: Diagnostics.stalled(stream, number)
    case .resumed(stream): Diagnostics.print("\(stream.name): there is room again, the command goes on")
    default: break
    }
  }
}
