import ExecModel
import Widgets

extension StateBadge {
  /// The badge of an execution whose journal cannot be written.
  static let stalled = StateBadge(glyph: "‖", ascii: "!", word: "stalled", role: .warning)

  /// The badge of a state.
  init(_ state: Standing) {
    switch state {
    case .waiting: self.init(glyph: "·", ascii: ".", word: "waiting", role: .dim)
    case .starting: self.init(glyph: "○", ascii: "o", word: "starting", role: .execPending)
    case .running: self.init(glyph: "●", ascii: "*", word: "running", role: .execRunning)
    case .draining: self.init(glyph: "◐", ascii: "%", word: "draining", role: .execDraining)
    case .emptying: self.init(glyph: "◑", ascii: "%", word: "emptying", role: .execDraining)
    case .done(let conclusion): self.init(conclusion)
    case .interrupted: self.init(glyph: "†", ascii: "~", word: "interrupted", role: .execLost)
    }
  }

  /// A success whose output was cut, or may have been, is not shown as complete.
  private init(_ conclusion: Conclusion) {
    let status = conclusion.outcome.status
    if status.isSuccess, !conclusion.isWhole {
      self.init(glyph: "!", ascii: "!", word: "done", role: .truncated)
    } else {
      self.init(status)
    }
  }

  private init(_ status: ExitStatus) {
    switch status {
    case .exited(0): self.init(glyph: "✔", ascii: "+", word: "done", role: .execOK)
    case .exited: self.init(glyph: "✖", ascii: "x", word: "failed", role: .execFailed)
    case .signalled: self.init(glyph: "↯", ascii: "s", word: "signalled", role: .execSignalled)
    case .timedOut: self.init(glyph: "■", ascii: "#", word: "ended", role: .execKilled)
    case .forceClosed: self.init(glyph: "■", ascii: "#", word: "killed", role: .execKilled)
    case .startFailed: self.init(glyph: "✖", ascii: "x", word: "failed", role: .execFailed)
    case .detached: self.init(glyph: "¿", ascii: "?", word: "detached", role: .execLost)
    case .lost, .unknown: self.init(glyph: "¿", ascii: "?", word: "lost", role: .execLost)
    }
  }
}

/// The origin of a row's execution: who started it, and who ends it.
public enum RowOrigin: Hashable, Sendable {
  /// Started by this boxwatch for its user.
  case own
  /// Started by a client of this boxwatch's server.
  case client
  /// Attached to: an execution of another boxwatch, a journal or a BoxLite server.
  case attached(place: String)

  /// Whether it ends with this boxwatch.
  public var isOurs: Bool {
    switch self {
    case .own, .client: true
    case .attached: false
    }
  }

  /// The text for the list and the titles; empty for an own execution.
  var words: String {
    switch self {
    case .own: ""
    case .client: "client"
    case .attached(let place): "@" + place
    }
  }

  /// The mark used where the text does not fit.
  var mark: String {
    switch self {
    case .own: ""
    case .client: "c"
    case .attached: "@"
    }
  }

  /// The clause that follows the box in a sentence; empty for an own execution.
  var clause: String {
    switch self {
    case .own: ""
    case .client: ", for a client"
    case .attached(let place): ", attached to \(place)"
    }
  }
}

extension ExecutionRow {
  /// The state's glyph, word and role.
  var badge: StateBadge { stall != nil ? .stalled : StateBadge(state) }

  /// The status as far as it is known, such as `exit 3` or `SIGTERM`; empty while the command runs.
  var statusWords: String {
    switch state {
    case .waiting, .starting, .running: isForced ? "killing" : isTimedOut ? "time is up" : ""
    case .draining, .emptying, .done, .interrupted: state.statusWords
    }
  }

  /// A note about a stall, the holders of a stream, or missing output; empty when there is none.
  var note: String {
    if let stall { return stall }
    switch state {
    case .waiting: return ""
    case .starting: return lost
    case .running: return isUnreachable ? "output not available" : lost
    case .draining: return held
    case .emptying: return "giving up \(open.isEmpty ? "the streams" : open.names)"
    case .done(let conclusion): return cut(conclusion).joined(separator: ", ")
    case .interrupted: return recordLoss == nil ? "owner died" : lost
    }
  }

  /// Whether its output cannot be read, only its end.
  private var isUnreachable: Bool { gaps.contains { $0.gap == .unreachable } }

  /// What is missing from the output, or may be, with the reason.
  private func cut(_ conclusion: Conclusion) -> [String] {
    if isUnreachable { return ["output not available"] }
    let truncated = conclusion.outcome.truncated
    let unproven = conclusion.unproven.subtracting(truncated)
    let reason = reason(unproven).map { " (\($0.shortWords))" } ?? ""
    // A lost record comes first: where there is little room, the end of the note is not shown.
    return (lost.isEmpty ? [] : [lost]) + Self.truncated(truncated, conclusion)
      + (unproven.isEmpty ? [] : ["\(unproven == .both ? "both streams" : unproven.names) truncated?\(reason)"])
  }

  /// The streams that were given up, grouped by reason.
  private static func truncated(_ streams: StreamSet, _ conclusion: Conclusion) -> [String] {
    let reasons = streams.streams.map { conclusion.cuts[$0].map { " (\($0.shortWords))" } ?? "" }
    guard Set(reasons).count > 1 else { return streams.isEmpty ? [] : ["\(streams.names) truncated\(reasons[0])"] }
    return zip(streams.streams, reasons).map { "\($0.name) truncated\($1)" }
  }

  /// Why the record is lost; empty when it is not.
  private var lost: String { recordLoss.map { "record lost: \($0.reason)" } ?? "" }

  /// Why the journal cannot be written; nil when it can.
  var stall: String? {
    guard !isOver else { return nil }
    let number = stalls.stdout ?? stalls.stderr
    switch recordStall ?? number {
    case nil: return nil
    case 0: return "a reader is behind: the command waits"
    // ENOSPC, errno(3) on Linux.
    case 28: return "disk full: the command waits"
    case let number?: return "\(SystemErrorText.words(number)): the command waits"
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
