import ExecModel

/// Decides what to do about a connection that may be cut at any moment: a value, without clock or
/// socket.
///
/// Inputs are events with their time; the result is the next action. Whatever the inputs, it ends
/// exactly once, and distinguishes an end that was only reported by a status from one that the
/// order of the connection proves.
struct AttachMachine: Hashable {
  /// The purpose of a connection.
  enum Purpose: Hashable {
    /// The first connection.
    case first
    /// To resume.
    case resume
    /// To fetch the rest of an execution that is over, with the code from its status.
    case drain(code: Int32?)
  }

  /// The step after a pause.
  enum Next: Hashable {
    case connect(Purpose)
    case probe
  }

  enum State: Hashable {
    case connecting(Purpose)
    case attached(Purpose)
    /// The status was requested; whether a pause came before.
    case probing(hasPaused: Bool)
    case pausing(Next)
    case over
  }

  /// An event.
  enum Input: Hashable {
    /// The server accepted the attach.
    case opened
    /// It refused.
    case refused(Refusal)
    /// New output arrived.
    case progress
    /// The exit frame arrived.
    case exit(Int32)
    /// The connection ended without an exit frame.
    case cut
    /// The status says that the command is running, or that it is over.
    case running
    case completed(code: Int32?)
    /// There is no status.
    case noStatus(Refusal)
    /// The pause is over.
    case pauseOver
  }

  /// How it ended.
  enum End: Hashable {
    /// With this code; proven when the exit frame arrived after all output.
    case exited(code: Int32?, isProven: Bool)
    /// The rest cannot be known.
    case lost(Loss)
  }

  /// Why the rest cannot be known.
  enum Loss: Hashable {
    /// The server refused permanently.
    case refused(Refusal)
    /// The time budget for reconnecting is used up.
    case outOfTime
  }

  enum Action: Hashable {
    case none
    /// The input is not valid in this state, or too late.
    case drop
    case connect(Purpose)
    case probe
    case pause(Duration)
    case finish(End)
  }

  private(set) var state = State.connecting(.first)
  private let rules: ReconnectRules
  /// Whether a refusal of the first connection is retried: the command is ours and is already
  /// running.
  private let isOurs: Bool
  /// When the current break began, in nanoseconds.
  private var brokenSince: UInt64?
  /// When the server first reported that another client is attached.
  private var takenSince: UInt64?
  /// When the last connection was made.
  private var openedAt: UInt64 = 0
  private var hasProgress = false
  private var pauses = 0

  /// Starts with the first connection being made.
  init(rules: ReconnectRules, isOurs: Bool) { (self.rules, self.isOurs) = (rules, isOurs) }

  /// Applies one input and returns the action.
  ///
  /// - Parameter now: nanoseconds of any monotonic clock.
  mutating func apply(_ input: Input, at now: UInt64) -> Action {
    switch state {
    case .connecting(let purpose): applyConnecting(input, purpose, now)
    case .attached(let purpose): applyAttached(input, purpose, now)
    case .probing(let hasPaused): applyProbing(input, hasPaused, now)
    case .pausing(let next): applyPausing(input, next)
    case .over: .drop
    }
  }

  /// Ends without further actions.
  mutating func leave() { state = .over }

  private mutating func connect(_ purpose: Purpose) -> Action {
    state = .connecting(purpose)
    return .connect(purpose)
  }

  private mutating func finish(_ end: End) -> Action {
    state = .over
    return .finish(end)
  }

  private mutating func probe(hasPaused: Bool) -> Action {
    state = .probing(hasPaused: hasPaused)
    return .probe
  }
}

// MARK: - States

extension AttachMachine {
  private mutating func applyConnecting(_ input: Input, _ purpose: Purpose, _ now: UInt64) -> Action {
    switch input {
    case .opened:
      state = .attached(purpose)
      (openedAt, takenSince, hasProgress) = (now, nil, false)
      return .none
    case .refused(let refusal): return refused(refusal, purpose, now)
    // The connection broke before the server answered.
    case .cut: return refused(.passing, purpose, now)
    case .progress, .exit, .running, .completed, .noStatus, .pauseOver: return .drop
    }
  }

  private mutating func refused(_ refusal: Refusal, _ purpose: Purpose, _ now: UInt64) -> Action {
    if purpose == .first, !isOurs { return finish(.lost(.refused(refusal))) }
    if brokenSince == nil { brokenSince = now }
    switch refusal {
    case .taken: return wait(forPlaceAs: purpose, now)
    case .gone, .forbidden: return giveUp(purpose, .refused(refusal))
    case .passing: return pause(purpose.isDrain ? .connect(purpose) : .probe, purpose, now)
    }
  }

  /// Waits for our place: a server frees it when it notices that the old connection is dead, at its
  /// next ping or a little later.
  private mutating func wait(forPlaceAs purpose: Purpose, _ now: UInt64) -> Action {
    let since = takenSince ?? now
    takenSince = since
    if now &- since < rules.takenPatience.nanoseconds {
      state = .pausing(.connect(purpose))
      return .pause(rules.takenPause)
    }
    // Another client has it, and may receive the rest.
    if purpose.isDrain { return giveUp(purpose, .refused(.taken)) }
    return pause(.probe, purpose, now, why: .refused(.taken))
  }

  private mutating func applyAttached(_ input: Input, _ purpose: Purpose, _ now: UInt64) -> Action {
    switch input {
    case .progress:
      hasProgress = true
      (brokenSince, pauses) = (nil, 0)
      return .none
    case .exit(let code): return finish(.exited(code: code, isProven: true))
    case .cut: return cut(purpose, now)
    case .opened, .refused, .running, .completed, .noStatus, .pauseOver: return .drop
    }
  }

  private mutating func cut(_ purpose: Purpose, _ now: UInt64) -> Action {
    // A connection that held for long ends the previous break.
    if now &- openedAt >= rules.mended.nanoseconds { (brokenSince, pauses) = (nil, 0) }
    if brokenSince == nil { brokenSince = now }
    guard purpose.isDrain else { return probe(hasPaused: false) }
    // Once, unless it brought output: a server that always cuts must not be retried without end.
    return hasProgress ? connect(purpose) : giveUp(purpose, .outOfTime)
  }

  private mutating func applyProbing(_ input: Input, _ hasPaused: Bool, _ now: UInt64) -> Action {
    switch input {
    case .running: return hasPaused ? connect(.resume) : pause(.connect(.resume), .resume, now)
    case .completed(let code):
      guard rules.drains else { return finish(.exited(code: code, isProven: true)) }
      return connect(.drain(code: code))
    case .noStatus(.passing), .noStatus(.taken): return pause(.probe, .resume, now)
    case .noStatus(let refusal): return finish(.lost(.refused(refusal)))
    case .opened, .refused, .progress, .exit, .cut, .pauseOver: return .drop
    }
  }

  private mutating func applyPausing(_ input: Input, _ next: Next) -> Action {
    guard input == .pauseOver else { return .drop }
    switch next {
    case .connect(let purpose): return connect(purpose)
    case .probe: return probe(hasPaused: true)
    }
  }

  /// Waits before the next attempt, each time twice as long, within the remaining time budget.
  private mutating func pause(_ next: Next, _ purpose: Purpose, _ now: UInt64, why: Loss = .outOfTime) -> Action {
    let spent = now &- (brokenSince ?? now)
    let budget = rules.budget.nanoseconds
    guard spent < budget else { return giveUp(purpose, why) }
    let delay = min(rules.pause(pauses), .nanoseconds(Int64(clamping: budget - spent)))
    pauses += 1
    state = .pausing(next)
    return .pause(delay)
  }

  /// Keeps an end that was reported by a status; the output before it is unknown.
  private mutating func giveUp(_ purpose: Purpose, _ loss: Loss) -> Action {
    guard case .drain(let code) = purpose else { return finish(.lost(loss)) }
    return finish(.exited(code: code, isProven: false))
  }
}

extension AttachMachine.Purpose {
  var isDrain: Bool {
    switch self {
    case .first, .resume: false
    case .drain: true
    }
  }
}
