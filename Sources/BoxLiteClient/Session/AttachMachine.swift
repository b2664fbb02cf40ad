import ExecModel

/// What to do about a connection that may be cut at any moment: a value, without clock and socket.
///
/// Inputs are things that happened, with the time they happened at; the answer is what to do. Whatever comes, it ends
/// once, and an end that was only heard of is told apart from one that the connection's order proves.
struct AttachMachine: Hashable {
  /// What a connection is for.
  enum Purpose: Hashable {
    /// There was none yet.
    case first
    /// To go on.
    case resume
    /// To fetch what is left of one that is over, with the code that its status told.
    case drain(code: Int32?)
  }

  /// What comes after a pause.
  enum Next: Hashable {
    case connect(Purpose)
    case probe
  }

  enum State: Hashable {
    case connecting(Purpose)
    case attached(Purpose)
    /// The status was asked for; whether a pause came before.
    case probing(hasPaused: Bool)
    case pausing(Next)
    case over
  }

  /// Something that happened.
  enum Input: Hashable {
    /// The server let us in.
    case opened
    /// It did not.
    case refused(Refusal)
    /// Output came that was not there before.
    case progress
    /// The exit frame came.
    case exit(Int32)
    /// The connection ended without one.
    case cut
    /// The status says that the command runs, or that it is over.
    case running
    case completed(code: Int32?)
    /// There is no status.
    case noStatus(Refusal)
    /// The pause is over.
    case pauseOver
  }

  /// How it ended.
  enum End: Hashable {
    /// With this code; proven when the exit frame came after all output.
    case exited(code: Int32?, isProven: Bool)
    /// Nothing more can be known.
    case lost(Loss)
  }

  /// Why nothing more can be known.
  enum Loss: Hashable {
    /// The server's last word.
    case refused(Refusal)
    /// It was tried for as long as it may be.
    case outOfTime
  }

  enum Action: Hashable {
    case none
    /// The input makes no sense here, or comes too late.
    case drop
    case connect(Purpose)
    case probe
    case pause(Duration)
    case finish(End)
  }

  private(set) var state = State.connecting(.first)
  private let rules: ReconnectRules
  /// Whether a refusal at the very first is worth waiting for: the command is ours and runs already.
  private let isOurs: Bool
  /// Nanoseconds when the connection broke that is not mended yet.
  private var brokenSince: UInt64?
  /// When the server first said that somebody else is attached.
  private var takenSince: UInt64?
  /// When the last connection was made.
  private var openedAt: UInt64 = 0
  private var hasProgress = false
  private var pauses = 0

  /// The first connection is being made.
  init(rules: ReconnectRules, isOurs: Bool) { (self.rules, self.isOurs) = (rules, isOurs) }

  /// Takes one input and says what to do about it.
  ///
  /// - Parameter now: nanoseconds of any clock that does not go back.
  mutating func apply(_ input: Input, at now: UInt64) -> Action {
    switch state {
    case .connecting(let purpose): applyConnecting(input, purpose, now)
    case .attached(let purpose): applyAttached(input, purpose, now)
    case .probing(let hasPaused): applyProbing(input, hasPaused, now)
    case .pausing(let next): applyPausing(input, next)
    case .over: .drop
    }
  }

  /// Wants nothing more.
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
    // The connection broke before anybody could answer.
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

  /// A server frees our place when it notices that the old connection is dead, at its next ping or a little later.
  private mutating func wait(forPlaceAs purpose: Purpose, _ now: UInt64) -> Action {
    let since = takenSince ?? now
    takenSince = since
    if now &- since < rules.takenPatience.nanoseconds {
      state = .pausing(.connect(purpose))
      return .pause(rules.takenPause)
    }
    // Somebody else has it, and may take the rest with them.
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
    // One that held for long was mended.
    if now &- openedAt >= rules.mended.nanoseconds { (brokenSince, pauses) = (nil, 0) }
    if brokenSince == nil { brokenSince = now }
    guard purpose.isDrain else { return probe(hasPaused: false) }
    // Once, unless it brought something: a server that always cuts must not be asked for ever.
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

  /// Waits before the next try, each time twice as long, within what is left of the time.
  private mutating func pause(_ next: Next, _ purpose: Purpose, _ now: UInt64, why: Loss = .outOfTime) -> Action {
    let spent = now &- (brokenSince ?? now)
    let budget = rules.budget.nanoseconds
    guard spent < budget else { return giveUp(purpose, why) }
    let delay = min(rules.pause(pauses), .nanoseconds(Int64(clamping: budget - spent)))
    pauses += 1
    state = .pausing(next)
    return .pause(delay)
  }

  /// An end that was heard of stays one, but nobody knows what came before it.
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
