import ExecModel

/// A state as it is always shown: a glyph, a word and a role, so that colour never stands alone.
struct StateBadge: Hashable, Sendable {
  /// The glyph.
  var glyph: Unicode.Scalar
  /// The glyph where there is no UTF-8.
  var ascii: Unicode.Scalar
  /// The word.
  var word: String
  /// The role that colours both.
  var role: Role

  /// The badge of an execution whose journal takes nothing.
  static let stalled = StateBadge(glyph: "‖", ascii: "!", word: "stalled", role: .warning)
}

extension StateBadge {
  /// The badge of a state.
  init(_ state: RowState) {
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

  /// A success whose output was cut, or may have been, is not shown as a whole one.
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
