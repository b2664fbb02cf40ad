import ExecModel

/// The marks of a diagram: one column each, in Unicode or in ASCII.
struct MarbleGlyphs: Sendable {
  let isASCII: Bool

  var axis: Character { isASCII ? "-" : "─" }
  /// Stands for what is left of the first column that is shown.
  var cut: String { isASCII ? "<" : "…" }
  var end: Character { "|" }
  var exit: Character { "x" }
  var waiter: Character { "?" }
  var deadline: Character { "T" }
  var forceClose: Character { "X" }
  var exitAnnounced: Character { isASCII ? "^" : "▲" }
  var waitAnswered: Character { isASCII ? "w" : "△" }

  func chunk(_ stream: ExecStream, isRead: Bool = true) -> Character {
    if isASCII { return isRead ? (stream == .stdout ? "o" : "e") : "!" }
    switch stream {
    case .stdout: return isRead ? "●" : "○"
    case .stderr: return isRead ? "◆" : "◇"
    }
  }
}
