import BoxwatchUI
import Cells
import ExecModel
import TestSupport
import Testing
import Widgets

@Suite struct RolesTests {
  /// The style of the first cell of a text's first occurrence on a screen.
  private func look(_ text: String, _ grid: Grid) -> Style? {
    for row in 0..<grid.height {
      let cells = (0..<grid.width).map { grid[row, $0] }
      for column in 0..<grid.width where cells[column...].map(\.text).joined().hasPrefix(text) {
        return cells[column].style
      }
    }
    return nil
  }

  private func screen(_ theme: String, _ depth: ColorDepth, _ script: String = "") throws -> (Grid, Model) {
    var monitor = Monitor(24, 120)
    monitor.model.theme = try ShippedThemes.theme(theme)
    monitor.model.display.depth = depth
    monitor.add(["ok"])
    monitor.finish(.exited(0), 1)
    monitor.add(["bad"])
    monitor.finish(.exited(3), 2)
    monitor.add(["live"])
    monitor.output("hello\n", 3)
    monitor.output("oops\n", 3, .stderr)
    monitor.type("3" + script)
    return (monitor.grid, monitor.model)
  }

  @Test(arguments: ShippedThemes.names)
  func `each state has its role's look at every depth`(theme: String) throws {
    for depth in ColorDepth.allCases {
      let (grid, model) = try screen(theme, depth)
      for (text, role) in [("done      exit 0", Role.execOK), ("failed ", .execFailed), ("exit 3", .execFailed)] {
        let expected = model.theme.style(role, depth: depth)
        #expect(look(text, grid).map { $0.foreground } == expected.foreground, "\(text) in \(theme) at \(depth)")
      }
      #expect(look("hello", grid) == model.theme.style(.streamStdout, depth: depth))
      #expect(look("oops", grid) == model.theme.style(.streamStderr, depth: depth))
      #expect(look("▎", grid) == model.theme.style(.gutterTag, depth: depth))
      #expect(look("FOLLOW", grid) == model.theme.style(.followOn, depth: depth))
    }
  }

  @Test func `the selected line and the focused border differ from the others`() throws {
    for theme in ShippedThemes.names {
      for depth in ColorDepth.allCases {
        let (grid, model) = try screen(theme, depth)
        #expect(look("live", grid) != look("bad", grid), "\(theme) at \(depth)")
        #expect(grid[1, 0].style == model.theme.style(.borderFocus, depth: depth))
        let (inPane, _) = try screen(theme, depth, "<tab>")
        #expect(inPane[1, 0].style == model.theme.style(.border, depth: depth))
        #expect(look("┌ stdout", inPane) == model.theme.style(.borderFocus, depth: depth))
      }
    }
  }

  @Test func `a theme's ground is under the whole screen`() throws {
    let (grid, model) = try screen("nord", .truecolor)
    let standard = grid.cells.filter { $0.style.background == .standard }
    #expect(standard.isEmpty && model.theme.style(.text, depth: .truecolor).background == .rgb(0x2E, 0x34, 0x40))
  }

  @Test func `the terminal's own background is never painted over`() throws {
    let (grid, _) = try screen("terminal", .truecolor, "?")
    #expect(grid.cells.allSatisfy { $0.style.background == .standard })
  }
}
