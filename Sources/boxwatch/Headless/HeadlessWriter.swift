import ExecEngine
import ExecModel
import Glibc
import Journal
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

  private let format: HeadlessFormat
  private let finished: WakeDescriptor
  private let isAlone: Bool
  private let streams: StreamSet
  private let losses: Losses
  private let state = Mutex(State())
  private let standardOutput = OutputDescriptor(STDOUT_FILENO)
  private let standardError = OutputDescriptor(STDERR_FILENO)

  /// - Parameters:
  ///   - isAlone: whether there is one execution, whose name says nothing then.
  ///   - streams: those that are wanted.
  ///   - losses: what is done about bytes that were evicted unread.
  init(
    _ format: HeadlessFormat, isAlone: Bool, streams: StreamSet = .both, losses: Losses = .fail,
    _ finished: WakeDescriptor
  ) {
    self.isAlone = isAlone
    self.format = format
    self.streams = streams
    self.losses = losses
    self.finished = finished
  }

  /// Adds an execution; nothing is written before ``start()``, and nothing is lost until then; after it, at once.
  ///
  /// - Parameters:
  ///   - waits: whether to read on to the end, or only what is there.
  ///   - onClosed: called when more came for an output that nobody reads any more.
  ///   - makeCursor: a cursor from the first event on; called once for each thread that writes.
  func follow(
    _ id: ExecutionID, name: String, waits: Bool = true, onClosed: @escaping @Sendable () -> Void,
    _ makeCursor: () throws -> any EventCursor
  ) throws {
    for consumer in consumers(id, name, onClosed) {
      let follower = Follower(try makeCursor(), consumer, waits: waits)
      let runs = state.withLock { state in
        state.followers.append(follower)
        if state.hasStarted { state.running += 1 }
        return state.hasStarted
      }
      if runs { run(follower) }
    }
  }

  private func consumers(
    _ id: ExecutionID, _ name: String, _ onClosed: @escaping @Sendable () -> Void
  ) -> [any EventConsumer] {
    switch format {
    case .bytes:
      return streams.streams.map { ByteConsumer($0, output(of: $0), losses: losses, onClosed: onClosed) }
    case .lines(let tag, let timestamps):
      let prefix = LinePrefix(name: tag ? name : nil, isAlone: isAlone, timestamps)
      return streams.streams.map { LineConsumer($0, output(of: $0), prefix, losses: losses, onClosed: onClosed) }
    case .json:
      return [
        JSONConsumer(id: id, name: name, standardOutput, streams: streams, losses: losses, onClosed: onClosed)
      ]
    }
  }

  private func output(of stream: ExecStream) -> OutputDescriptor {
    switch stream {
    case .stdout: standardOutput
    case .stderr: standardError
    }
  }

  /// Starts writing.
  func start() {
    let followers = state.withLock { state in
      state.hasStarted = true
      state.running = state.followers.count
      return state.followers
    }
    for follower in followers { run(follower) }
  }

  private func run(_ follower: Follower) {
    let failure = EngineThread.start(name: "boxwatch-writer") {
      follower.run()
      self.end(follower)
    }
    guard let failure else { return }
    follower.abandon("cannot start a thread that writes the output: \(failure)")
    end(follower)
  }

  /// Ends all of it before its time; what was taken is still written.
  func stop() {
    for follower in state.withLock({ $0.followers }) { follower.stop() }
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
