import ExecModel
import RaceLab

/// The lab's marks, the same as the timeline's, in Unicode or in ASCII.
struct LabMarks: Hashable, Sendable {
  /// Whether marks beyond ASCII can be shown.
  let isUTF8: Bool

  private var glyphs: MarbleGlyphs { MarbleGlyphs(isASCII: !isUTF8) }

  var exitAnnounced: String { String(glyphs.exitAnnounced) }
  var waitAnswered: String { String(glyphs.waitAnswered) }
  /// Stands before what will never be read.
  var lost: String { isUTF8 ? "✖" : "!" }
  /// Stands for what was left out.
  var more: String { isUTF8 ? "…" : ".." }
  /// The line after which nobody reads.
  var readByNobody: String { isUTF8 ? "─ read by nobody ─" : "- read by nobody -" }

  /// A chunk of a stream; hollow when nobody read it.
  func chunk(_ stream: ExecStream, isRead: Bool = true) -> String { String(glyphs.chunk(stream, isRead: isRead)) }
}
