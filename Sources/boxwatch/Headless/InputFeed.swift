import ExecEngine
import ExecModel
import Glibc
import Synchronization

/// Where a command's input is written to.
protocol CommandInput: Sendable {
  /// Queues bytes; `completion` is called once, with a reason when they were not and will not be taken.
  func write(_ bytes: [UInt8], completion: @escaping @Sendable (String?) -> Void)

  /// Ends the input after what was queued.
  func closeInput()
}

/// The input of a command of our own.
struct EngineInput: CommandInput {
  let engine: Engine
  let id: ExecutionID

  func write(_ bytes: [UInt8], completion: @escaping @Sendable (String?) -> Void) {
    do throws(EngineError) {
      try engine.write(id, bytes) { completion($0?.words) }
    } catch {
      completion(error.description)
    }
  }

  func closeInput() { try? engine.closeInput(id) }
}

/// An input that nobody takes: why is told to whoever writes, and to nobody else.
struct RefusedInput: CommandInput {
  /// One clause.
  let reason: String

  func write(_ bytes: [UInt8], completion: @escaping @Sendable (String?) -> Void) { completion(reason) }

  func closeInput() {}
}

/// Passes our standard input on to one command, one chunk in flight, so that a slow command slows our reading.
final class InputFeed {
  private enum State { case idle, writing, closed }

  private let input: any CommandInput
  private let wake: WakeDescriptor
  private let state = Shared()

  /// Shared with the completion, which runs on a pump's thread.
  private final class Shared: Sendable {
    let value = Mutex(State.idle)
  }

  init(_ input: any CommandInput, _ wake: WakeDescriptor) {
    self.input = input
    self.wake = wake
  }

  /// The descriptor to poll for input now; nil while a chunk is under way, the input is over, or it is not ours to read: a
  /// background job would be stopped for it, and its command may not want any input at all.
  var pollDescriptor: Int32? { isIdle && !Terminal.isInBackground ? STDIN_FILENO : nil }

  /// Milliseconds after which ``pollDescriptor`` is worth another look, as poll(2) takes them: a shell that gives the
  /// terminal to a running job tells it nothing.
  var patience: Int32 { isIdle && Terminal.isInBackground ? 250 : -1 }

  private var isIdle: Bool { state.value.withLock { $0 == .idle } }

  /// Reads what there is and passes it on; at the end of our input, and when it cannot be read, closes the command's.
  func readInput() {
    var chunk = [UInt8](repeating: 0, count: 64 << 10)
    let count = read(STDIN_FILENO, &chunk, chunk.count)
    if count < 0, errno == EINTR || errno == EAGAIN { return }
    if count < 0 { Diagnostics.print("cannot read standard input: \(String(cString: strerror(errno)))") }
    guard count > 0 else { return close() }
    state.value.withLock { $0 = .writing }
    let (state, wake) = (state, wake)
    input.write(Array(chunk[..<count])) { refusal in
      state.value.withLock { $0 = refusal == nil ? .idle : .closed }
      wake.wake()
    }
  }

  private func close() {
    state.value.withLock { $0 = .closed }
    input.closeInput()
  }
}
