import Cells
import RaceLab
import TestSupport
import Testing
import Widgets

@testable import LabUI

@Suite struct LabRolesTests {
  private func look(_ text: String, _ grid: Grid) -> Style? {
    for row in 0..<grid.height {
      let cells = (0..<grid.width).map { grid[row, $0] }
      for column in 0..<grid.width where cells[column...].map(\.text).joined().hasPrefix(text) {
        return cells[column].style
      }
    }
    return nil
  }

  private func screen(_ theme: String, _ depth: ColorDepth, _ script: String) throws -> (Grid, Display) {
    var lab = Lab()
    lab.model.display.theme = try ShippedThemes.theme(theme)
    lab.model.display.depth = depth
    lab.type(script)
    return (lab.grid, lab.model.display)
  }

  @Test(arguments: ShippedThemes.names)
  func `a loss has the role for lost at every depth, what is kept the role for done`(theme: String) throws {
    for depth in ColorDepth.allCases {
      let (grid, display) = try screen(theme, depth, "2<enter>3<enter>1<enter><enter>2<enter>")
      let lost = display.theme.style(.execLost, depth: depth)
      for text in ["✖ done", "13 bytes lost", "✖first-output", "○ stdout chunk 1, lost"] {
        #expect(look(text, grid) == lost, "\(text) in \(theme) at \(depth)")
      }
      #expect(look("✔ done, exit 0, whole", grid) == display.theme.style(.execOK, depth: depth))
      #expect(look("◆ stderr chunk 1", grid) == display.theme.style(.streamStderr, depth: depth))
    }
  }

  @Test(arguments: ShippedThemes.names)
  func `a waiter has the role for draining, and the chosen source differs from the others`(theme: String) throws {
    for depth in ColorDepth.allCases {
      let (grid, display) = try screen(theme, depth, "3<enter>1")
      #expect(look("◐ waiting", grid) == display.theme.style(.execDraining, depth: depth))
      #expect(look("1 stdout", grid) != look("2 stderr", grid), "\(theme) at \(depth)")
    }
  }
}
