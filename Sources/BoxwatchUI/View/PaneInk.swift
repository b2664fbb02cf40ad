import Cells

/// Lays a program's own colours over its stream's style.
struct PaneInk: Hashable, Sendable {
  /// The stream's style, for what the program leaves at the terminal's own.
  let base: Style
  /// How many colours there are; with none a program's colours are dropped and its attributes stay.
  let depth: ColorDepth

  /// A cell as it is drawn.
  func applied(_ cell: Cell) -> Cell {
    if cell.style == .plain {
      var cell = cell
      cell.style = base
      return cell
    }
    var cell = cell
    var style = cell.style.reduced(to: depth)
    if style.foreground == .standard { style.foreground = base.foreground }
    if style.background == .standard { style.background = base.background }
    style.attributes.formUnion(base.attributes)
    cell.style = style
    return cell
  }
}
