import ExecEngine
import ExecModel
import Glibc
import Synchronization

/// Passes our standard input on to one command, one chunk in flight, so that a slow command slows our reading.
final class InputFeed {
  private enum State { case idle, writing, closed }

  private let engine: Engine
  private let id: ExecutionID
  private let wake: WakeDescriptor
  private let state = Shared()

  /// Shared with the completion, which runs on a pump's thread.
  private final class Shared: Sendable {
    let value = Mutex(State.idle)
  }

  init(_ engine: Engine, _ id: ExecutionID, _ wake: WakeDescriptor) {
    self.engine = engine
    self.id = id
    self.wake = wake
  }

  /// The descriptor to poll for input now; nil while a chunk is under way or the input is over.
  var pollDescriptor: Int32? { state.value.withLock { $0 == .idle ? STDIN_FILENO : nil } }

  /// Reads what there is and passes it on; at the end of our input, closes the command's.
  func readInput() {
    var chunk = [UInt8](repeating: 0, count: 64 << 10)
    let count = read(STDIN_FILENO, &chunk, chunk.count)
    if count < 0, errno == EINTR || errno == EAGAIN { return }
    guard count > 0 else { return close() }
    state.value.withLock { $0 = .writing }
    let (state, wake) = (state, wake)
    do throws(EngineError) {
      try engine.write(id, Array(chunk[..<count])) { error in
        state.value.withLock { $0 = error == nil ? .idle : .closed }
        wake.wake()
      }
    } catch {
      close()
    }
  }

  private func close() {
    state.value.withLock { $0 = .closed }
    try? engine.closeInput(id)
  }
}
