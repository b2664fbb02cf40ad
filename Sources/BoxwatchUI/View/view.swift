public import Cells

/// Draws a model's screen.
///
/// Pure given the text, and as much work as the screen holds, however much was written.
public func view(_ model: Model, text: @escaping TextLookup) -> Grid {
  var painter = Painter(model, text)
  painter.paint()
  return painter.grid
}
