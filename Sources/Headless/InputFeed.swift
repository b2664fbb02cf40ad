import Console
import ExecEngine
import ExecModel
import Glibc
import Instances
import Linux
import Synchronization

/// The input of a command of this process's engine.
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

/// An input that refuses every write with a reason.
struct RefusedInput: CommandInput {
  /// One clause.
  let reason: String

  func write(_ bytes: [UInt8], completion: @escaping @Sendable (String?) -> Void) { completion(reason) }

  func closeInput() {}
}

/// Forwards our standard input to one command, with one chunk in flight, so that a slow command
/// slows our reading.
final class InputFeed {
  private enum State { case idle, writing, closed }

  private let input: any CommandInput
  private let wake: WakeDescriptor
  private let state = Shared()

  /// Shared with the completion, which runs on a pump thread.
  private final class Shared: Sendable {
    let value = Mutex(State.idle)
  }

  init(_ input: any CommandInput, _ wake: WakeDescriptor) {
    self.input = input
    self.wake = wake
  }

  /// The descriptor to poll for input; nil while a chunk is in flight, after the end of input, and
  /// in the background, where reading would stop this process (SIGTTIN) although its command may
  /// not want input.
  var pollDescriptor: Int32? { isIdle && !Terminal.isInBackground ? STDIN_FILENO : nil }

  /// The poll(2) timeout in milliseconds after which ``pollDescriptor`` is checked again: a shell
  /// that moves a running job to the foreground sends no signal.
  var patience: Int32 { isIdle && Terminal.isInBackground ? 250 : -1 }

  private var isIdle: Bool { state.value.withLock { $0 == .idle } }

  /// Reads and forwards the available input; at the end of our input, or when reading fails, closes
  /// the command's input.
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
