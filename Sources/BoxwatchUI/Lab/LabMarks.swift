import ExecModel

/// The lab's marks, the same as the timeline's, in Unicode or in ASCII.
struct LabMarks: Hashable, Sendable {
  /// Whether marks beyond ASCII can be shown.
  let isUTF8: Bool

  var exitAnnounced: String { isUTF8 ? "▲" : "^" }
  var waitAnswered: String { isUTF8 ? "△" : "w" }
  /// Stands before what will never be read.
  var lost: String { isUTF8 ? "✖" : "!" }
  /// Stands for what was left out.
  var more: String { isUTF8 ? "…" : ".." }
  /// The line after which nobody reads.
  var readByNobody: String { isUTF8 ? "─ read by nobody ─" : "- read by nobody -" }

  /// A chunk of a stream; hollow when nobody read it.
  func chunk(_ stream: ExecStream, isRead: Bool = true) -> String {
    guard isUTF8 else { return isRead ? (stream == .stdout ? "o" : "e") : "!" }
    switch stream {
    case .stdout: return isRead ? "●" : "○"
    case .stderr: return isRead ? "◆" : "◇"
    }
  }
}
