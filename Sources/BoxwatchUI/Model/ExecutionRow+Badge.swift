import ExecModel

extension ExecutionRow {
  /// The state as it is always shown: a glyph, a word and a role, so that colour never stands alone.
  struct Badge: Hashable, Sendable {
    /// The glyph.
    var glyph: Unicode.Scalar
    /// The glyph where there is no UTF-8.
    var ascii: Unicode.Scalar
    /// The word.
    var word: String
    /// The role that colours both.
    var role: Role
  }

  /// The state's glyph, word and role.
  var badge: Badge {
    if !isDone, !stalls.isEmpty { return Badge(glyph: "‖", ascii: "!", word: "stalled", role: .warning) }
    switch state {
    case .starting: return Badge(glyph: "○", ascii: "o", word: "starting", role: .execPending)
    case .running: return Badge(glyph: "●", ascii: "*", word: "running", role: .execRunning)
    case .draining: return Badge(glyph: "◐", ascii: "%", word: "draining", role: .execDraining)
    case .emptying: return Badge(glyph: "◑", ascii: "%", word: "emptying", role: .execDraining)
    case .done(let conclusion): return Self.badge(conclusion.outcome)
    }
  }

  /// A success whose output was cut is not shown as a whole one.
  private static func badge(_ outcome: Outcome) -> Badge {
    guard outcome.isComplete || !outcome.status.isSuccess else {
      return Badge(glyph: "!", ascii: "!", word: "done", role: .truncated)
    }
    return badge(outcome.status)
  }

  private static func badge(_ status: ExitStatus) -> Badge {
    switch status {
    case .exited(0): Badge(glyph: "✔", ascii: "+", word: "done", role: .execOK)
    case .exited: Badge(glyph: "✖", ascii: "x", word: "failed", role: .execFailed)
    case .signalled: Badge(glyph: "↯", ascii: "s", word: "signalled", role: .execSignalled)
    case .timedOut: Badge(glyph: "■", ascii: "#", word: "ended", role: .execKilled)
    case .forceClosed: Badge(glyph: "■", ascii: "#", word: "killed", role: .execKilled)
    case .startFailed: Badge(glyph: "✖", ascii: "x", word: "failed", role: .execFailed)
    case .lost: Badge(glyph: "¿", ascii: "?", word: "lost", role: .execLost)
    }
  }

  /// The status as far as it is known: `exit 3`, `SIGTERM`; empty while it runs.
  var statusWords: String {
    switch state {
    case .starting, .running: isForced ? "killing" : isTimedOut ? "time is up" : ""
    case .draining(let status), .emptying(let status): status.words
    case .done(let conclusion): conclusion.outcome.status.words
    }
  }

  /// What is remarkable, in words: a stall, who holds which stream, or what was cut; empty when nothing is.
  var note: String {
    if let stall { return stall }
    switch state {
    case .starting, .running: return ""
    case .draining: return held
    case .emptying: return "giving up \(open.isEmpty ? "the streams" : open.names)"
    case .done(let conclusion):
      let truncated = conclusion.outcome.truncated
      return truncated.isEmpty ? "" : "\(truncated.names) truncated"
    }
  }

  /// Why the journal takes nothing, when it does not.
  var stall: String? {
    guard !isDone, let number = stalls.min(by: { $0.key.rawValue < $1.key.rawValue })?.value else { return nil }
    switch number {
    case 0: return "a reader is behind: the command waits"
    // ENOSPC and EDQUOT, errno(3) on Linux.
    case 28, 122: return "disk full: the command waits"
    default: return "journal error \(number): the command waits"
    }
  }

  private var held: String {
    guard !open.isEmpty else { return "" }
    let names = open == .both ? "both streams" : open.names
    guard !holders.isEmpty else { return "\(names) still open" }
    let numbers = holders.prefix(3).map { String($0.processIdentifier) }.joined(separator: ", ")
    return "\(open == .both ? "both" : names) held by \(numbers)\(holders.count > 3 ? ", …" : "")"
  }
}
