import Cells
import ExecModel

/// One screen row of a pane.
struct PaneRow: Hashable, Sendable {
  /// What kind of row.
  enum Kind: Hashable, Sendable {
    /// The program's output; `continues` when the line began in a row or piece before.
    case text(continues: Bool)
    /// The mark that so many bytes were evicted before this place.
    case gap(UInt64)
    /// The mark that bytes are missing at this place, or may be.
    case missing(OutputGap)
    /// A line of what boxwatch itself says after the output.
    case meta(line: Int)
  }

  /// Where it stands.
  var anchor: TextAnchor
  /// What it is.
  var kind: Kind
  /// Its cells; in a pane without wrapping the whole line up to the right edge.
  var cells: [Cell] = []
}
