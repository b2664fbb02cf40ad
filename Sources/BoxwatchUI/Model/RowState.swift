public import ExecModel

/// Where an execution stands, as far as its events have told.
public enum RowState: Hashable, Sendable {
  /// Its turn in a long list has not come: nothing of it was started.
  case waiting
  /// Asked for, not heard of yet.
  case starting
  /// The process runs.
  case running
  /// The process ended with this status, and something may still write. Not the end.
  case draining(ExitStatus)
  /// The held streams are being given up.
  case emptying(ExitStatus)
  /// The terminal event was received; nothing comes after it.
  case done(Conclusion)
  /// Its boxwatch died before the end: the command may go on, and nobody reads it.
  case interrupted

  /// How the process ended, as far as it has: `exit 3`, `SIGTERM`; empty while it runs.
  var statusWords: String {
    switch self {
    case .waiting, .starting, .running, .interrupted: ""
    case .draining(let status), .emptying(let status): status.words
    case .done(let conclusion): conclusion.outcome.status.words
    }
  }
}
