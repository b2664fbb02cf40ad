import ExecModel
import Journal
import Synchronization

/// Passes one stream's bytes on, untouched.
final class ByteConsumer: EventConsumer {
  private let stream: ExecStream
  private let output: OutputDescriptor
  private let onClosed: @Sendable () -> Void
  private let state = Mutex(State())

  private struct State {
    var reader = StreamReader()
    var stalls = StallReport()
  }

  init(_ stream: ExecStream, _ output: OutputDescriptor, onClosed: @escaping @Sendable () -> Void) {
    self.stream = stream
    self.output = output
    self.onClosed = onClosed
  }

  func take(_ event: RecordedEvent, _ journal: JournalReader) throws {
    try state.withLock { state in
      switch event.event {
      case .output(stream, let range, _):
        try state.reader.read(journal, stream, range) { bytes in
          if try output.write(bytes) == .closed { onClosed() }
        }
      case .stalled(stream, _), .resumed(stream): state.stalls.take(event.event)
      default: break
      }
    }
  }
}
