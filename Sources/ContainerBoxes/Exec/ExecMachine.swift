import ExecEngine

/// Decides what happens to one exec, from the request that starts it to its exit code: a value, without connection or
/// clock.
///
/// Whatever the inputs, it ends exactly once. A command is begun before its end is reported, and its streams are
/// complete only after the engine has reported the exit code.
struct ExecMachine: Hashable {
  /// A request for the exec's state, by what it is to decide.
  enum Question: Hashable, CaseIterable {
    /// Whether the command has begun.
    case start
    /// The exit code, after the end of the streams.
    case code
    /// Whether a killed command has ended although another process holds its streams.
    case killed
  }

  enum State: Hashable {
    /// The request that starts it was sent.
    case starting
    /// The engine accepted it; its bytes are held until it is known whether the command began.
    case judging(isAsking: Bool)
    /// It ended before it was seen running; the evidence about its start is examined.
    case examining(ExecInspection)
    /// Its bytes are delivered; the exit code if it was reported with the start.
    case running(exitCode: Int32?, isKilled: Bool)
    /// The streams have ended; the exit code is requested.
    case ending(tries: Int)
    case over
  }

  enum Input: Hashable {
    /// The engine accepted the request that starts it.
    case opened
    /// It refused, or the connection broke.
    case refused(EngineAPIError)
    /// Bytes, or the end, arrived while they are held.
    case arrived
    /// The time of a request has come.
    case due(Question)
    case answer(Question, ExecInspection)
    case noAnswer(Question, EngineAPIError)
    /// The evidence says that the command never ran, or nothing.
    case examined(BoxError?)
    /// The connection has ended, and all bytes were taken.
    case delivered
    /// A KILL was sent.
    case killed
    /// The caller is done with it.
    case released
  }

  /// Why the command did not begin.
  enum Failure: Hashable {
    case refused(EngineAPIError)
    /// The engine accepted it and started nothing.
    case notStarted
    case proven(BoxError)
  }

  /// Why its end cannot be known.
  enum Loss: Hashable {
    case noAnswer(EngineAPIError)
    /// The connection ended, and the command runs on.
    case isRunning
  }

  enum Action: Hashable {
    case none
    /// The input is not valid in this state, or too late.
    case drop
    case ask(Question)
    /// Ask after this many milliseconds.
    case wait(Question, Int64)
    case examine(ExecInspection)
    /// Report the start, and deliver what is held.
    case begin(ExecInspection)
    /// The same, then report it as lost: it may have run.
    case beginAndLose(EngineAPIError)
    /// Report that it never ran.
    case fail(Failure)
    /// Report the ends of the streams, then the exit.
    case finish(Int32)
    /// Report the exit, with streams that did not end.
    case exitWithOpenStreams(Int32)
    case lose(Loss)
    /// Release everything.
    case close
  }

  /// The limits on requests.
  private enum Limit {
    /// While a command begins; a container that was paused meanwhile starts nothing.
    static let looks = 600
    /// While a command begins and the engine does not answer.
    static let looksWithoutAnswer = 20
    /// Podman records the end a moment after the connection's; a much longer delay means that the connection was cut.
    static let triesForCode = 50
    /// How long, in milliseconds, a killed command's streams may stay open.
    static let killed: Int64 = 3000
  }

  private(set) var state = State.starting
  private var looks = 0

  /// Applies one input and returns the action.
  ///
  /// - Parameter held: what the stream holds now.
  mutating func apply(_ input: Input, _ held: FrameStream.Held) -> Action {
    if input == .released, state != .over { return end(.close) }
    return switch state {
    case .starting: applyStarting(input, held)
    case .judging(let isAsking): applyJudging(input, held, isAsking)
    case .examining(let inspection): applyExamining(input, inspection)
    case .running(let exitCode, let isKilled): applyRunning(input, exitCode, isKilled)
    case .ending(let tries): applyEnding(input, tries)
    case .over: .drop
    }
  }

  private mutating func end(_ action: Action) -> Action {
    state = .over
    return action
  }
}

// MARK: - The start

extension ExecMachine {
  private mutating func applyStarting(_ input: Input, _ held: FrameStream.Held) -> Action {
    switch input {
    case .opened: return waitForStart(held)
    case .refused(let error): return end(.fail(.refused(error)))
    case .arrived: return .none
    case .due, .answer, .noAnswer, .examined, .delivered, .killed, .released: return .drop
    }
  }

  private mutating func applyJudging(_ input: Input, _ held: FrameStream.Held, _ isAsking: Bool) -> Action {
    switch input {
    case .arrived, .due(.start): return isAsking ? .none : askForStart()
    case .answer(.start, let inspection): return judge(inspection, held)
    case .noAnswer(.start, let error):
      return !held.hasEnded && looks < Limit.looksWithoutAnswer ? waitForStart(held) : end(.beginAndLose(error))
    case .opened, .refused, .due, .answer, .noAnswer, .examined, .delivered, .killed, .released: return .drop
    }
  }

  private mutating func askForStart() -> Action {
    looks += 1
    state = .judging(isAsking: true)
    return .ask(.start)
  }

  /// The first request is delayed while there is no output: no runtime starts a command in less than 40 ms, and each
  /// request costs the engine time.
  private mutating func waitForStart(_ held: FrameStream.Held) -> Action {
    state = .judging(isAsking: false)
    let isNear = held.hasEnded || !held.isEmpty
    return .wait(.start, min(Int64(isNear ? 2 : 60) << Int64(min(looks, 5)), isNear ? 50 : 250))
  }

  private mutating func judge(_ inspection: ExecInspection, _ held: FrameStream.Held) -> Action {
    if inspection.processIdentifier > 0 || held.isLarge { return begin(inspection) }
    guard held.hasEnded, !inspection.isRunning else {
      return looks < Limit.looks ? waitForStart(held) : end(.fail(.notStarted))
    }
    state = .examining(inspection)
    return .examine(inspection)
  }

  private mutating func applyExamining(_ input: Input, _ inspection: ExecInspection) -> Action {
    guard case .examined(let failure) = input else { return input == .arrived ? .none : .drop }
    return failure.map { end(.fail(.proven($0))) } ?? begin(inspection)
  }

  private mutating func begin(_ inspection: ExecInspection) -> Action {
    state = .running(exitCode: inspection.isRunning ? nil : inspection.exitCode, isKilled: false)
    return .begin(inspection)
  }
}

// MARK: - The end

extension ExecMachine {
  private mutating func applyRunning(_ input: Input, _ exitCode: Int32?, _ isKilled: Bool) -> Action {
    switch input {
    case .delivered:
      if let exitCode { return end(.finish(exitCode)) }
      state = .ending(tries: 0)
      return .ask(.code)
    case .killed:
      state = .running(exitCode: exitCode, isKilled: true)
      return isKilled ? .none : .wait(.killed, Limit.killed)
    case .due(.killed): return .ask(.killed)
    case .answer(.killed, let inspection):
      if let code = inspection.lastCode { return end(.exitWithOpenStreams(code)) }
      state = .running(exitCode: exitCode, isKilled: false)
      return .none
    case .noAnswer(.killed, _):
      state = .running(exitCode: exitCode, isKilled: false)
      return .none
    case .arrived, .due(.start): return .none
    case .opened, .refused, .due, .answer, .noAnswer, .examined, .released: return .drop
    }
  }

  /// The end of a connection proves nothing, since a killed engine ends it too; only the exit code does.
  private mutating func applyEnding(_ input: Input, _ tries: Int) -> Action {
    switch input {
    case .due(.code): return .ask(.code)
    case .answer(.code, let inspection):
      if let code = inspection.lastCode { return end(.finish(code)) }
      guard tries < Limit.triesForCode else { return end(.lose(.isRunning)) }
      state = .ending(tries: tries + 1)
      return .wait(.code, min(2 << Int64(min(tries, 7)), 200))
    case .noAnswer(.code, let error): return end(.lose(.noAnswer(error)))
    case .killed: return .none
    case .opened, .refused, .arrived, .due, .answer, .noAnswer, .examined, .delivered, .released: return .drop
    }
  }
}

extension ExecInspection {
  /// The exit code; nil while it is running, and when the engine does not know it yet.
  fileprivate var lastCode: Int32? { isRunning ? nil : exitCode }
}
