/// Where an execution stands, as far as its events have told.
///
/// The screen, lists, JSON and the wire all show this; ``StandingFold`` derives it.
public enum Standing: Hashable, Sendable {
  /// Waiting for its turn in a long list; not started.
  case waiting
  /// Requested; no event yet.
  case starting
  /// The process is running.
  case running
  /// The process ended with this status, and a stream is still open. Not the end.
  case draining(ExitStatus)
  /// The process ended with this status, and the held streams are being given up.
  case emptying(ExitStatus)
  /// The terminal event was published; no event changes this.
  case done(Conclusion)
  /// Its boxwatch died before the end: the command may still be running, but its output is not read.
  case interrupted

  /// Whether it is neither done nor interrupted.
  public var isLive: Bool {
    switch self {
    case .waiting, .starting, .running, .draining, .emptying: true
    case .done, .interrupted: false
    }
  }

  /// Whether the terminal event was published.
  public var isDone: Bool {
    if case .done = self { true } else { false }
  }

  /// The content of the terminal event; nil before it.
  public var conclusion: Conclusion? {
    if case .done(let conclusion) = self { conclusion } else { nil }
  }

  /// How the process ended; nil while that is not known.
  public var status: ExitStatus? {
    switch self {
    case .waiting, .starting, .running, .interrupted: nil
    case .draining(let status), .emptying(let status): status
    case .done(let conclusion): conclusion.outcome.status
    }
  }

  /// One word, for programs.
  public var word: String {
    switch self {
    case .waiting: "waiting"
    case .starting: "starting"
    case .running: "running"
    case .draining: "draining"
    case .emptying: "emptying"
    case .done: "done"
    case .interrupted: "interrupted"
    }
  }
}

/// The fold from an execution's events to its ``Standing``: the only place where one is derived from the other.
///
/// It knows what the record says and nothing else, so that a subscriber, a list that reads the journal and the owner
/// say the same.
public struct StandingFold: Hashable, Sendable {
  /// The standing after the events so far.
  public private(set) var standing: Standing
  /// Whether the execution was force-closed.
  public private(set) var isForced = false
  private let drain: DrainPolicy

  /// Begins before the first event of an execution with this drain policy.
  ///
  /// - Parameters:
  ///   - drain: the drain policy of the execution.
  ///   - standing: where it stood before the first event that will be applied.
  public init(drain: DrainPolicy, from standing: Standing = .starting) {
    self.drain = drain
    self.standing = standing
  }

  /// Applies the next event.
  public mutating func apply(_ event: ExecutionEvent) {
    // An end that a dead boxwatch had published is an end.
    if case .exit(let conclusion) = event, !standing.isDone { standing = .done(conclusion) }
    guard standing.isLive else { return }
    switch event {
    case .exited(let status): standing = givesUpAtExit ? .emptying(status) : .draining(status)
    case .forceClosed:
      isForced = true
      giveUp()
    case .drainDeadlineElapsed: giveUp()
    // The first of these may be missing: the oldest records of a long journal are evicted.
    case .started, .output, .endOfStream, .timeLimitElapsed, .streamEmptied, .gap, .evicted, .stalled, .resumed:
      if standing == .starting { standing = .running }
    case .connectionLost, .detached, .startFailed, .recordLost, .exit, .wait: break
    }
  }

  /// Records that the boxwatch that kept the record has died; an end that was published stands.
  public mutating func interrupt() {
    if standing.isLive { standing = .interrupted }
  }

  private var givesUpAtExit: Bool { isForced || drain == .untilEmpty }

  private mutating func giveUp() {
    if case .draining(let status) = standing { standing = .emptying(status) }
  }
}
