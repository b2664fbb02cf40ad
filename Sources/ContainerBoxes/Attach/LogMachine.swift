/// Decides how a container's log is read to the end of its main process: a value, without connection or clock.
///
/// Docker's log is followed, and read once more when the container has ended; Podman's, which omits lines when it is
/// followed, is read repeatedly. Every read starts at the first byte.
struct LogMachine: Hashable {
  enum State: Hashable {
    case idle
    /// The log is requested.
    case opening
    case reading
    /// A read has ended; the container's state is requested after a pause.
    case pausing
    case asking
    case over
  }

  enum Input: Hashable {
    case start
    /// The engine sends the log.
    case opened
    /// It refused, or could not be reached.
    case refused(EngineAPIError)
    /// The read has ended, and all bytes were taken; whether the engine marked the end, between two frames.
    case ended(isWhole: Bool)
    /// The pause is over.
    case due
    case answer(ContainerInspection)
    case noAnswer(EngineAPIError)
    /// The caller is done with it.
    case released
  }

  /// Why its end cannot be known.
  enum Loss: Hashable, CustomStringConvertible {
    /// Its exit code is that of another run.
    case startedAgain
    /// The connection ended again and again.
    case isRunning
    case engine(EngineAPIError)

    var description: String {
      switch self {
      case .startedAgain: "the container was restarted, and its exit code is lost"
      case .isRunning: "the connection ended, and the container is still running"
      case .engine(let error): error.description
      }
    }
  }

  enum Action: Hashable {
    case none
    /// The input is not valid in this state, or too late.
    case drop
    /// Request the log from its first byte.
    case open(follows: Bool)
    /// Report the start, and deliver the log.
    case begin
    /// Deliver the log.
    case read
    /// Wait for this many nanoseconds.
    case wait(Int64)
    /// Request the container's state.
    case ask
    /// Report that the log cannot be read.
    case fail(EngineAPIError)
    case finish(Int32, isWhole: Bool)
    case lose(Loss)
    /// Release everything.
    case close
  }

  /// The number of attempts to reach an engine that was restarted.
  private static let mostTries = 50

  private(set) var state = State.idle
  private let container: ContainerInspection
  private let follows: Bool
  private var hasBegun = false
  /// The exit code, once the container has ended: then this read is the last.
  private var exitCode: Int32?
  /// When the current read began, in nanoseconds.
  private var openedAt: UInt64 = 0
  private var tries = 0

  /// - Parameter follows: whether the engine's log can be followed.
  init(_ container: ContainerInspection, follows: Bool) {
    (self.container, self.follows) = (container, follows)
    exitCode = container.isRunning ? nil : container.exitCode
  }

  /// Applies one input and returns the action.
  ///
  /// - Parameter now: nanoseconds of any monotonic clock.
  mutating func apply(_ input: Input, at now: UInt64) -> Action {
    switch (state, input) {
    case (.over, _): .drop
    case (_, .released): end(.close)
    case (.idle, .start): open(follows: follows && exitCode == nil, now)
    case (.opening, .opened): read()
    case (.opening, .refused(let error)): hasBegun ? retry(.engine(error)) : end(.fail(error))
    case (.reading, .ended(let isWhole)): readingEnded(isWhole, now)
    case (.pausing, .due): move(to: .asking, .ask)
    case (.asking, .answer(let container)): judge(container, now)
    case (.asking, .noAnswer(let error)): error.isRefusal ? end(.lose(.engine(error))) : retry(.engine(error))
    case (.idle, _), (.opening, _), (.reading, _), (.pausing, _), (.asking, _): .drop
    }
  }

  private mutating func move(to state: State, _ action: Action) -> Action {
    self.state = state
    return action
  }

  private mutating func end(_ action: Action) -> Action { move(to: .over, action) }

  private mutating func open(follows: Bool, _ now: UInt64) -> Action {
    openedAt = now
    return move(to: .opening, .open(follows: follows))
  }

  private mutating func read() -> Action {
    defer { hasBegun = true }
    return move(to: .reading, hasBegun ? .read : .begin)
  }

  private mutating func readingEnded(_ isWhole: Bool, _ now: UInt64) -> Action {
    if let exitCode { return end(.finish(exitCode, isWhole: isWhole)) }
    if isWhole { tries = 0 }
    // The longer the log, the more a read from the beginning costs: it may use a tenth of the time.
    let cost = Int64(clamping: now &- openedAt).multipliedReportingOverflow(by: 10).partialValue
    return move(to: .pausing, .wait(follows || !isWhole ? 20_000_000 : max(100_000_000, cost)))
  }

  private mutating func judge(_ now: ContainerInspection, _ time: UInt64) -> Action {
    guard now.startedAt == container.startedAt else { return end(.lose(.startedAgain)) }
    if now.isRunning, follows { return retry(.isRunning) }
    exitCode = now.isRunning ? nil : now.exitCode
    return open(follows: false, time)
  }

  private mutating func retry(_ loss: Loss) -> Action {
    tries += 1
    return tries < Self.mostTries ? move(to: .pausing, .wait(100_000_000)) : end(.lose(loss))
  }
}
