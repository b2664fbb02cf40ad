public import Cells
import ExecModel
import Widgets

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
struct Painter: Painting {
  /// The screen drawn so far.
  var grid: Grid
  /// The model to draw.
  let model: Model
  /// What is drawn on.
  let display: Display
  /// The layout of the screen.
  let layout: Layout
  /// The source of the panes' text.
  let text: TextLookup

  /// Creates a blank screen.
  init(_ model: Model, _ text: @escaping TextLookup) {
    self.model = model
    self.text = text
    display = model.display
    layout = Layout(model)
    grid = Grid(height: display.height, width: display.width, style: display.style(.text))
  }

  /// Draws everything.
  mutating func paint() {
    guard !layout.isTooSmall else { return paintTooSmall("boxwatch", Layout.smallest) }
    paintHeader()
    paintList()
    for pane in layout.panes { paint(pane) }
    paintLane()
    paintStatus()
    model.dialog?.content.paint(on: &self)
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
