package import Cells

/// What a key does on a page that scrolls, such as the help page.
package enum PageCommand: Hashable, Sendable {
  case up, down, pageUp, pageDown, top, bottom, close
}

extension KeyTable<PageCommand> {
  /// The keys of every page.
  package static let page = KeyTable(
    "This page",
    [
      Binding([.character("k"), .named(.up)], .up, "one line up"),
      Binding([.character("j"), .named(.down)], .down, "one line down", hint: "down"),
      Binding([.character("b"), .named(.pageUp)], .pageUp, "a page up"),
      Binding([.character(" "), .named(.pageDown)], .pageDown, "a page down"),
      Binding([.character("g"), .named(.home)], .top, "to the top"),
      Binding([.character("G"), .named(.end)], .bottom, "to the bottom"),
      Binding(
        [.named(.escape), .character("q"), .character("?"), .named(.enter), .control("c"), .named(.f1)], .close,
        "close", hint: "close"),
    ])
}

/// A page of lines, scrolled to one of them.
package struct Page: Hashable, Sendable {
  /// Rows scrolled by one step of the wheel.
  package static let wheelStep = 3

  /// The first line shown; may lie behind the last page after the screen has grown.
  package private(set) var top: Int

  /// Creates a page at a line.
  package init(top: Int = 0) { self.top = top }

  /// Handles a key; false when it closes the page.
  ///
  /// - Parameters:
  ///   - key: the key.
  ///   - lines: the number of lines of the page.
  ///   - height: the number of rows on the screen.
  package mutating func handle(_ key: Key, lines: Int, height: Int) -> Bool {
    let page = max(1, height)
    switch KeyTable.page.command(for: key) {
    case .up: top = max(0, top - 1)
    case .down: scroll(by: 1, lines: lines, height: page)
    case .pageUp: top = max(0, top - page)
    case .pageDown: scroll(by: page, lines: lines, height: page)
    case .top: top = 0
    case .bottom: top = max(0, lines - page)
    case .close: return false
    case nil: break
    }
    return true
  }

  /// Handles the wheel; a press does nothing.
  package mutating func wheel(_ action: Key.MouseAction, by step: Int = wheelStep, lines: Int, height: Int) {
    switch action {
    case .wheelUp: top = max(0, top - step)
    case .wheelDown: scroll(by: step, lines: lines, height: height)
    case .press, .release, .doublePress: break
    }
  }

  private mutating func scroll(by count: Int, lines: Int, height: Int) {
    top = min(max(0, lines - height), top + count)
  }

  /// The first line to draw, such that the last page is full.
  package func first(of lines: Int, height: Int) -> Int { min(top, max(0, lines - height)) }
}
