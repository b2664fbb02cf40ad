import Cells
import Widgets

/// The help page: a heading for each place, a line for each binding.
public struct HelpDialog: Hashable, Sendable {
  /// A line of the page.
  enum Line: Hashable, Sendable {
    /// The heading of a place.
    case heading(String)
    /// Keys and what they do.
    case binding(keys: String, help: String)
  }

  private var page = Page()

  /// Creates the page, at its first line.
  init() {}

  /// All lines.
  static func lines(_ keymap: Keymap) -> [Line] {
    keymap.sections.flatMap { section in
      [.heading(section.title)] + section.lines.map { .binding(keys: $0.keys, help: $0.help) }
    }
  }

  /// The frame of a page of the monitor.
  static func frame(_ display: Display, lines: Int) -> DialogFrame {
    DialogFrame(display, height: lines, width: 72)
  }
}

extension HelpDialog: DialogContent {
  var dialog: Dialog { .help(self) }

  func hints(_ keymap: Keymap) -> [KeyHint] { keymap.page.hints() }

  mutating func handle(_ key: Key, in model: inout Model, _ text: TextLookup) -> DialogStep {
    let lines = Self.lines(model.keymap).count
    let height = Self.frame(model.display, lines: lines).inner.height
    return page.handle(key, lines: lines, height: height) ? .stay : .close()
  }

  mutating func handle(_ event: MouseEvent, in model: inout Model) -> DialogStep {
    let lines = Self.lines(model.keymap).count
    page.wheel(event.action, lines: lines, height: Self.frame(model.display, lines: lines).inner.height)
    return .stay
  }

  func paint(on painter: inout Painter) {
    let lines = Self.lines(painter.model.keymap)
    let frame = Self.frame(painter.display, lines: lines.count)
    painter.paintBox(frame, "keys")
    let inner = frame.inner
    let first = page.first(of: lines.count, height: inner.height)
    for (offset, line) in lines.dropFirst(first).prefix(inner.height).enumerated() {
      paint(line, row: inner.row + offset, inner, on: &painter)
    }
  }

  private func paint(_ line: Line, row: Int, _ inner: Rect, on painter: inout Painter) {
    switch line {
    case .heading(let title):
      painter.write([(title, .titleFocus)], on: .dialog, row: row, column: inner.column + 1, within: inner)
    case .binding(let keys, let help):
      let keysColumn = inner.width >= 50 ? 18 : 8
      let used = painter.grid.write(
        keys, row: row, column: inner.column + 2, style: painter.style(.helpKey, on: .dialog), within: inner)
      painter.write(
        [(help, .helpText)], on: .dialog, row: row, column: inner.column + max(keysColumn, used + 3), within: inner)
    }
  }
}
