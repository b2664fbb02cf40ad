package import ExecModel

/// The marks of a diagram: one column each, in Unicode or in ASCII.
package struct MarbleGlyphs: Sendable {
  let isASCII: Bool

  /// The marks of one of the two.
  package init(isASCII: Bool) { self.isASCII = isASCII }

  var axis: Character { isASCII ? "-" : "─" }
  /// Stands for what is left of the first column that is shown.
  var cut: String { isASCII ? "<" : "…" }
  var end: Character { "|" }
  var exit: Character { "x" }
  var waiter: Character { "?" }
  var deadline: Character { "T" }
  var forceClose: Character { "X" }
  /// `Exit` is announced.
  package var exitAnnounced: Character { isASCII ? "^" : "▲" }
  /// A `Wait` is answered.
  package var waitAnswered: Character { isASCII ? "w" : "△" }

  /// A chunk of a stream; hollow when nobody read it.
  package func chunk(_ stream: ExecStream, isRead: Bool = true) -> Character {
    if isASCII { return isRead ? (stream == .stdout ? "o" : "e") : "!" }
    switch stream {
    case .stdout: return isRead ? "●" : "○"
    case .stderr: return isRead ? "◆" : "◇"
    }
  }
}
