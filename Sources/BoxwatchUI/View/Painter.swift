public import Cells
import ExecModel

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

/// Draws one screen; each part of it is an extension.
struct Painter {
  /// What is drawn so far.
  var grid: Grid
  /// What is shown.
  let model: Model
  /// Where everything stands.
  let layout: Layout
  /// Where the panes' text comes from.
  let text: TextLookup

  /// A blank screen.
  init(_ model: Model, _ text: @escaping TextLookup) {
    self.model = model
    self.text = text
    layout = Layout(model)
    grid = Grid(height: model.height, width: model.width, style: model.style(.text))
  }

  /// Draws everything.
  mutating func paint() {
    if let lab = model.lab { return paint(lab) }
    guard !layout.isTooSmall else { return paintTooSmall("boxwatch", Layout.smallest) }
    paintHeader()
    paintList()
    for pane in layout.panes { paint(pane) }
    paintLane()
    paintStatus()
    paintDialog()
  }

  /// Says how large a screen is needed; where not even that fits, the size alone.
  mutating func paintTooSmall(_ name: String, _ smallest: (height: Int, width: Int)) {
    guard model.height > 0 else { return }
    let size = "\(smallest.width)x\(smallest.height)"
    let message = ["\(name) needs \(size)", "needs \(size)"].first { $0.count <= model.width } ?? size
    grid.write(message, row: model.height / 2, column: 0, style: style(.warning))
  }

  /// How a role looks here.
  func style(_ role: Role) -> Style { model.style(role) }

  /// How a role looks on another role's ground: its own background only where it has one.
  func style(_ role: Role, on ground: Role) -> Style {
    var look = style(role)
    if look.background == style(.text).background { look.background = style(ground).background }
    return look
  }

  /// One of two texts, by whether there is UTF-8.
  func glyph(_ unicode: String, _ ascii: String) -> String { model.isUTF8 ? unicode : ascii }

  /// What stands between two parts of a title.
  var separator: String { glyph(" · ", " - ") }

  /// Writes pieces of text one after another and gives the column after the last.
  @discardableResult
  mutating func write(
    _ parts: [(String, Role)], on ground: Role = .text, row: Int, column: Int, within: Rect
  ) -> Int {
    var column = column
    for (text, role) in parts {
      column += grid.write(text, row: row, column: column, style: style(role, on: ground), within: within)
    }
    return column
  }

  /// Writes a text that ends at a column.
  mutating func writeRight(
    _ text: String, _ role: Role, on ground: Role = .text, row: Int, end: Int, within: Rect
  ) {
    let column = end - TextWidth.columns(of: text)
    grid.write(text, row: row, column: column, style: style(role, on: ground), within: within)
  }
}

/// Draws a model's screen.
///
/// Pure given the text, and as much work as the screen holds, however much was written.
public func view(_ model: Model, text: @escaping TextLookup) -> Grid {
  var painter = Painter(model, text)
  painter.paint()
  return painter.grid
}
