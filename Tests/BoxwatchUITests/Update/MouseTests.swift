import BoxwatchUI
import Cells
import ExecModel
import Testing

@Suite struct MouseTests {
  private func monitor() -> Monitor {
    var monitor = Monitor(24, 100)
    for number in 1...3 {
      monitor.add(["x\(number)"])
      monitor.output((1...100).map { "line \($0)\n" }.joined(), number)
    }
    return monitor
  }

  @discardableResult
  private func mouse(_ monitor: inout Monitor, _ action: Key.MouseAction, _ row: Int, _ column: Int) -> [Effect] {
    monitor.send(.key(.mouse(action, row: row, column: column)))
  }

  @Test func `a click selects an execution or focuses a pane`() {
    var monitor = monitor()
    mouse(&monitor, .press, 2, 10)
    #expect(monitor.model.selection == 2 && monitor.model.focus == .list)
    mouse(&monitor, .press, 10, 70)
    #expect(monitor.model.focus == .pane(.stderr))
    mouse(&monitor, .doublePress, 10, 10)
    #expect(monitor.model.focus == .pane(.stdout) && monitor.model.isZoomed)
  }

  @Test func `the wheel scrolls what is under it`() {
    var monitor = monitor()
    mouse(&monitor, .wheelUp, 12, 10)
    #expect(monitor.has("PAUSED") && !monitor.has("line 100 "))
    mouse(&monitor, .wheelDown, 12, 10)
    #expect(!monitor.has("PAUSED"))
    mouse(&monitor, .wheelUp, 2, 10)
    #expect(monitor.model.selection == 1)
  }

  @Test func `menus and questions take the mouse`() {
    var monitor = monitor()
    monitor.type("q")
    let lines = monitor.screen.split(separator: "\n", omittingEmptySubsequences: false)
    let row = lines.firstIndex { $0.contains("[stay]") } ?? 0
    let column = lines[row].distance(
      from: lines[row].startIndex, to: lines[row].firstIndex(of: "[") ?? lines[row].startIndex)
    #expect(mouse(&monitor, .press, row, column - 10) == [.quit])
    monitor.type("q")
    #expect(mouse(&monitor, .press, row, column + 1) == [] && monitor.model.dialog == nil)
    monitor.type("x")
    mouse(&monitor, .wheelDown, 0, 0)
    let chosen = monitor.screen.split(separator: "\n").firstIndex { $0.contains("10  SIGUSR1") } ?? 0
    #expect(mouse(&monitor, .doublePress, chosen, 50) == [.signal(Monitor.id(1), Signal(number: 10))])
  }

  @Test func `a click anywhere never traps`() {
    for keys in ["", "x", "?", "n", "q", "/", "z"] {
      var monitor = monitor()
      monitor.type(keys)
      for (row, column) in [(-5, -5), (0, 0), (23, 99), (24, 100), (Int.max, Int.max), (Int.min, Int.min)] {
        for action in [Key.MouseAction.press, .release, .doublePress, .wheelUp, .wheelDown] {
          mouse(&monitor, action, row, column)
        }
      }
      #expect(monitor.grid.height == 24)
    }
  }
}
