import ExecModel

/// Where an execution stands, as a list tells.
enum ListedState: Hashable, Sendable {
  /// Its command has not started yet.
  case starting
  /// Its process runs.
  case running
  /// Its process ended, and something still holds a stream.
  case draining(ExitStatus)
  /// Its streams are being given up.
  case emptying(ExitStatus)
  /// It is over.
  case done(Conclusion)
  /// Its boxwatch died before it was over.
  case interrupted

  /// Whether there is more to come.
  var isLive: Bool {
    switch self {
    case .starting, .running, .draining, .emptying: true
    case .done, .interrupted: false
    }
  }

  /// One word, for programs.
  var word: String {
    switch self {
    case .starting: "starting"
    case .running: "running"
    case .draining: "draining"
    case .emptying: "emptying"
    case .done: "done"
    case .interrupted: "interrupted"
    }
  }

  /// How the process ended, when it has.
  var status: ExitStatus? {
    switch self {
    case .starting, .running, .interrupted: nil
    case .draining(let status), .emptying(let status): status
    case .done(let conclusion): conclusion.outcome.status
    }
  }

  /// A few words for a person: how it ended, with `!` where output is missing and `?` where it may be.
  var words: String {
    guard case .done(let conclusion) = self else { return word }
    return conclusion.outcome.status.words + Self.mark(conclusion)
  }

  /// Columns of the longest ``shortWords``: those of `interrupted !`.
  static let widest = 13

  /// What ``words`` says in at most ``widest`` columns, for a table.
  var shortWords: String {
    guard case .done(let conclusion) = self else { return word }
    return Self.short(conclusion.outcome.status) + Self.mark(conclusion)
  }

  private static func mark(_ conclusion: Conclusion) -> String {
    let isCut = !conclusion.outcome.isComplete || conclusion.recordLoss != nil
    return isCut ? " !" : conclusion.unproven.isEmpty ? "" : " ?"
  }

  /// At most 11 columns, so that a mark has room.
  private static func short(_ status: ExitStatus) -> String {
    switch status {
    case .exited, .timedOut: status.words
    case .signalled(let signal, _): Signal(number: signal).name
    case .forceClosed: "killed"
    case .lost, .unknown: "lost"
    case .detached: "detached"
    case .startFailed(let failure): short(failure)
    }
  }

  private static func short(_ failure: StartFailure) -> String {
    switch failure {
    case .notFound, .badName: failure.words
    case .notExecutable: "no program"
    case .badDirectory: "bad folder"
    case .argumentListTooLong: "too long"
    case .system, .box: "not started"
    }
  }
}
