import Cells
import RaceLab
import Testing

@testable import LabUI

@Suite struct LabMouseTests {
  private func click(_ lab: inout Lab, _ row: Int, _ column: Int, _ action: Key.MouseAction = .press) {
    lab.send(.key(.mouse(action, row: row, column: column)))
    lab.send(.key(.mouse(.release, row: row, column: column)))
  }

  @Test func `a press chooses a source, and lets the chosen one step`() {
    var lab = Lab()
    click(&lab, 4, 5)
    #expect(lab.model.chosen == .exit && lab.session.taken.isEmpty)
    click(&lab, 4, 5)
    #expect(lab.session.taken == [.exit])
    click(&lab, 2, 5)
    click(&lab, 2, 5, .doublePress)
    #expect(lab.schedule == "o1e1:xo")
  }

  @Test func `a press on a half's title shows the next dispatcher there`() {
    var lab = Lab()
    click(&lab, 1, 35)
    #expect(lab.session.kinds == [.exitGated, .drainOrdered])
    click(&lab, 1, 60)
    #expect(lab.session.kinds == [.exitGated, .exitFirst])
    click(&lab, 5, 60)
    #expect(lab.session.kinds == [.exitGated, .exitFirst])
  }

  @Test func `the wheel moves the choice, the menu and the explanation`() {
    var lab = Lab()
    click(&lab, 4, 5, .wheelDown)
    #expect(lab.model.selection == 1)
    click(&lab, 4, 5, .wheelUp)
    #expect(lab.model.selection == 0)
    lab.type("s")
    click(&lab, 4, 5, .wheelDown)
    lab.type("<right><enter>")
    #expect(lab.schedule == "o1e2:")
    lab.send(.resized(rows: 15, columns: 60))
    lab.type("?")
    click(&lab, 4, 5, .wheelDown)
    #expect(!lab.has("The race: a command"))
  }
}
