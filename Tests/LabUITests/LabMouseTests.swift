import Cells
import RaceLab
import Testing

@testable import BoxwatchUI

@Suite struct LabMouseTests {
  private func click(_ monitor: inout Monitor, _ row: Int, _ column: Int, _ action: Key.MouseAction = .press) {
    monitor.send(.key(.mouse(action, row: row, column: column)))
    monitor.send(.key(.mouse(.release, row: row, column: column)))
  }

  @Test func `a press chooses a source, and lets the chosen one step`() {
    var monitor = Monitor.lab()
    click(&monitor, 4, 5)
    #expect(monitor.model.lab?.chosen == .exit && monitor.session.taken.isEmpty)
    click(&monitor, 4, 5)
    #expect(monitor.session.taken == [.exit])
    click(&monitor, 2, 5)
    click(&monitor, 2, 5, .doublePress)
    #expect(monitor.schedule == "o1e1:xo")
  }

  @Test func `a press on a half's title shows the next dispatcher there`() {
    var monitor = Monitor.lab()
    click(&monitor, 1, 35)
    #expect(monitor.session.kinds == [.exitGated, .drainOrdered])
    click(&monitor, 1, 60)
    #expect(monitor.session.kinds == [.exitGated, .exitFirst])
    click(&monitor, 5, 60)
    #expect(monitor.session.kinds == [.exitGated, .exitFirst])
  }

  @Test func `the wheel moves the choice, the menu and the explanation`() {
    var monitor = Monitor.lab()
    click(&monitor, 4, 5, .wheelDown)
    #expect(monitor.model.lab?.selection == 1)
    click(&monitor, 4, 5, .wheelUp)
    #expect(monitor.model.lab?.selection == 0)
    monitor.type("s")
    click(&monitor, 4, 5, .wheelDown)
    monitor.type("<right><enter>")
    #expect(monitor.schedule == "o1e2:")
    monitor.send(.resized(rows: 15, columns: 60))
    monitor.type("?")
    click(&monitor, 4, 5, .wheelDown)
    #expect(monitor.model.lab?.dialog == .help(top: 1))
  }
}
