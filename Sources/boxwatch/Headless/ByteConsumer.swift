import ExecModel
import Journal
import Synchronization

/// Passes one stream's bytes on, untouched.
final class ByteConsumer: EventConsumer {
  private let stream: ExecStream
  private let output: OutputDescriptor
  private let onClosed: @Sendable () -> Void
  private let state: Mutex<State>

  private struct State {
    let reader: StreamReader
    var stalls: StallReport?
  }

  init(
    _ stream: ExecStream, _ output: OutputDescriptor, losses: Losses = .fail,
    _ buffer: ReadBuffer, onClosed: @escaping @Sendable () -> Void
  ) {
    self.stream = stream
    self.output = output
    self.onClosed = onClosed
    state = Mutex(State(reader: StreamReader(buffer, missing: losses.report), stalls: losses.stalls))
  }

  func take(_ event: RecordedEvent, _ journal: JournalReader) throws {
    try state.withLock { state in
      switch event.event {
      case .output(stream, let range, _):
        try state.reader.read(journal, stream, range) { _, bytes in
          if try output.write(bytes) == .closed { onClosed() }
        }
      case .stalled(stream, _), .resumed(stream): state.stalls?.take(event.event)
      default: break
      }
    }
  }

  func finish() throws { try state.withLock { try $0.reader.finish(stream) } }
}
