import ExecEngine
import ExecModel
import Glibc
import Synchronization

/// Writes what the executions bring: each follower on a thread of its own, so that a reader who takes only one of our
/// streams at a time never holds up the other.
final class HeadlessWriter: Sendable {
  private struct State {
    var followers: [Follower] = []
    var running = 0
    var hasStarted = false
    var failure: String?
  }

  private let engine: Engine
  private let format: HeadlessFormat
  private let finished: WakeDescriptor
  private let isAlone: Bool
  private let state = Mutex(State())
  private let standardOutput = OutputDescriptor(STDOUT_FILENO)
  private let standardError = OutputDescriptor(STDERR_FILENO)

  /// - Parameter isAlone: whether there is one execution, whose name says nothing then.
  init(_ engine: Engine, _ format: HeadlessFormat, isAlone: Bool, _ finished: WakeDescriptor) {
    self.isAlone = isAlone
    self.engine = engine
    self.format = format
    self.finished = finished
  }

  /// Adds an execution; nothing is written before ``start()``, and nothing is lost until then.
  func follow(_ id: ExecutionID, name: String) throws {
    for consumer in consumers(id, name) {
      let subscription = try engine.attach(id, needsEveryByte: true)
      let follower = Follower(subscription, consumer)
      state.withLock { $0.followers.append(follower) }
    }
  }

  private func consumers(_ id: ExecutionID, _ name: String) -> [any EventConsumer] {
    let closed = ClosedOutput { [engine] signal in try? engine.signal(id, signal) }
    let onClosed: @Sendable () -> Void = { closed.tell() }
    switch format {
    case .bytes:
      return [
        ByteConsumer(.stdout, standardOutput, onClosed: onClosed),
        ByteConsumer(.stderr, standardError, onClosed: onClosed),
      ]
    case .lines(let tag, let timestamps):
      let prefix = LinePrefix(name: tag ? name : nil, isAlone: isAlone, timestamps)
      return [
        LineConsumer(.stdout, standardOutput, prefix, onClosed: onClosed),
        LineConsumer(.stderr, standardError, prefix, onClosed: onClosed),
      ]
    case .json: return [JSONConsumer(id: id, name: name, standardOutput, onClosed: onClosed)]
    }
  }

  /// Starts writing.
  func start() {
    let followers = state.withLock { state in
      state.hasStarted = true
      state.running = state.followers.count
      return state.followers
    }
    for follower in followers {
      let failure = EngineThread.start(name: "boxwatch-writer") {
        follower.run()
        self.end(follower)
      }
      guard let failure else { continue }
      follower.abandon("cannot start a thread that writes the output: \(failure)")
      end(follower)
    }
  }

  private func end(_ follower: Follower) {
    state.withLock { state in
      state.running -= 1
      state.failure = state.failure ?? follower.failure
    }
    finished.wake()
  }

  /// Whether everything is written.
  var hasFinished: Bool { state.withLock { $0.hasStarted && $0.running == 0 } }

  /// What went wrong while writing, in one line.
  var failure: String? { state.withLock { $0.failure } }
}
