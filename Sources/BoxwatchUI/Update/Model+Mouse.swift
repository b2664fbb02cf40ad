import Cells
import ExecModel
import Widgets

extension Model {
  /// Handles the mouse: in the dialog if one is open, otherwise in the list or a pane.
  mutating func take(_ event: MouseEvent, _ text: TextLookup) -> [Effect] {
    if let dialog { return take(event, in: dialog) }
    let layout = Layout(self)
    if let list = layout.list, event.isIn(list) {
      mouseInList(event.action, event.row - layout.listRows.row, layout)
    } else if let pane = layout.panes.first(where: { event.isIn($0.outer) }) {
      mouseInPane(event.action, pane.stream, text)
    }
    return []
  }

  private mutating func mouseInList(_ action: Key.MouseAction, _ row: Int, _ layout: Layout) {
    let order = ListOrder.visible(self, height: layout.listRows.height)
    switch action {
    case .press, .doublePress:
      focus = .list
      if order.indices.contains(row) { select(order[row]) }
      if action == .doublePress { enter() }
    case .wheelUp: select(min(rows.count - 1, selection + 1))
    case .wheelDown: select(max(0, selection - 1))
    case .release: break
    }
  }

  private mutating func mouseInPane(_ action: Key.MouseAction, _ stream: ExecStream, _ text: TextLookup) {
    guard selected != nil else { return }
    switch action {
    case .press: focus = .pane(stream)
    case .doublePress:
      focus = .pane(stream)
      isZoomed.toggle()
    case .wheelUp: scroll(stream, by: -Page.wheelStep, text)
    case .wheelDown: scroll(stream, by: Page.wheelStep, text)
    case .release: break
    }
  }
}
