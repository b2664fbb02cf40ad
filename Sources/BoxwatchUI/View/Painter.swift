public import Cells
import ExecModel

/// Combines the colours of a program's output with the style of its stream.
struct PaneInk: Hashable, Sendable {
  /// The stream's style, used where the program uses the terminal's default colours.
  let base: Style
  /// The number of colours; without colours a program's colours are dropped and its attributes
  /// kept.
  let depth: ColorDepth

  /// The cell as it is drawn.
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

/// Draws one screen; each part of the screen is an extension.
struct Painter {
  /// The screen drawn so far.
  var grid: Grid
  /// The model to draw.
  let model: Model
  /// The layout of the screen.
  let layout: Layout
  /// The source of the panes' text.
  let text: TextLookup

  /// Creates a blank screen.
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

  /// Draws a message with the required size, or only the size where the message does not fit.
  mutating func paintTooSmall(_ name: String, _ smallest: (height: Int, width: Int)) {
    guard model.height > 0 else { return }
    let size = "\(smallest.width)x\(smallest.height)"
    let message = ["\(name) needs \(size)", "needs \(size)"].first { $0.count <= model.width } ?? size
    grid.write(message, row: model.height / 2, column: 0, style: style(.warning))
  }

  /// The style of a role.
  func style(_ role: Role) -> Style { model.style(role) }

  /// The style of a role on another role's background; its own background only where it has one.
  func style(_ role: Role, on ground: Role) -> Style {
    var look = style(role)
    if look.background == style(.text).background { look.background = style(ground).background }
    return look
  }

  /// The first text with UTF-8, otherwise the second.
  func glyph(_ unicode: String, _ ascii: String) -> String { model.isUTF8 ? unicode : ascii }

  /// The separator between two parts of a title.
  var separator: String { glyph(" · ", " - ") }

  /// Writes pieces of text in sequence and returns the column after the last.
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

  /// Writes right-aligned text that ends at a column.
  mutating func writeRight(
    _ text: String, _ role: Role, on ground: Role = .text, row: Int, end: Int, within: Rect
  ) {
    let column = end - TextWidth.columns(of: text)
    grid.write(text, row: row, column: column, style: style(role, on: ground), within: within)
  }
}

/// Draws a model's screen.
///
/// A pure function of its arguments and the text; the work depends on the size of the screen, not
/// on the amount of output.
public func view(_ model: Model, text: @escaping TextLookup) -> Grid {
  var painter = Painter(model, text)
  painter.paint()
  return painter.grid
}
