import Cells
import RaceLab
import Testing

@testable import BoxwatchUI

@Suite struct LabDialogTests {
  @Test func `the scenario is changed by its menu`() throws {
    var monitor = Monitor.lab()
    monitor.type("s")
    #expect(monitor.has("o1e1: 30 schedules"))
    monitor.type("<right><right>jl<down>++<down> <down> <down> <down> ")
    #expect(monitor.has("o3e2w2lgdf: 1,614,412,800 schedules"))
    monitor.type("<enter>")
    let wanted = try Scenario(
      stdout: 3, stderr: 2, waiters: 2, lateWaiter: true, grandchild: true, deadline: true, forceClose: true)
    #expect(monitor.session == LabSession(wanted) && !monitor.has("what there is to happen"))
  }

  @Test func `a number of schedules that takes long to count is not counted`() throws {
    let scenario = try Scenario(stdout: 24, stderr: 24, waiters: 8, lateWaiter: true, grandchild: true)
    var monitor = Monitor.lab(LabSession(scenario))
    monitor.type("s")
    #expect(monitor.has("o24e24w8lg: too many schedules to try"))
  }

  @Test func `numbers stop at their bounds, and leaving changes nothing`() {
    var monitor = Monitor.lab()
    monitor.type("3<enter>s" + String(repeating: "<left>", count: 3))
    #expect(monitor.has("< 0 >"))
    monitor.type(String(repeating: "<right>", count: 30))
    #expect(monitor.has("< \(Scenario.mostChunks) >"))
    monitor.type("<escape>")
    #expect(monitor.schedule == "o1e1:x")
    monitor.type("s<enter>")
    #expect(monitor.schedule == "o1e1:x")
  }

  @Test func `a typed schedule is shown`() {
    var monitor = Monitor.lab()
    monitor.type("po1e1g:xoegoGOE<enter>")
    #expect(monitor.schedule == "o1e1g:xoegoGOE" && !monitor.has("a schedule, such as"))
  }

  @Test func `a bad schedule shows its error with the column under the line`() {
    var monitor = Monitor.lab()
    monitor.type("po1e1:xO<enter>")
    #expect(monitor.has("> o1e1:xO"))
    #expect(monitor.has("column 7: unexpected 'O'; expected one of o e"))
    let line = monitor.screen.split(separator: "\n").first { $0.contains("> o1e1:xO") } ?? ""
    let mark = monitor.screen.split(separator: "\n").first { $0.contains("^") } ?? ""
    let column = line.distance(from: line.startIndex, to: line.firstIndex(of: "O") ?? line.startIndex)
    #expect(mark.distance(from: mark.startIndex, to: mark.firstIndex(of: "^") ?? mark.startIndex) == column)
    monitor.type("<backspace>oO<enter>")
    #expect(monitor.schedule == "o1e1:xoO" && !monitor.has("a schedule, such as"))
  }

  @Test func `the present schedule can be recalled and changed`() {
    var monitor = Monitor.lab()
    monitor.type("3<enter>p<up>oeO<enter>")
    #expect(monitor.schedule == "o1e1:xoeO")
    monitor.type("pxyz<escape>")
    #expect(monitor.schedule == "o1e1:xoeO")
  }

  @Test func `a paste is a schedule, with the prompt open or not`() {
    var monitor = Monitor.lab()
    monitor.send(.key(.paste("  o2e1:oxo\n")))
    #expect(monitor.schedule == "o2e1:oxo")
    monitor.type("p")
    monitor.send(.key(.paste("o1e1:x")))
    monitor.type("<enter>")
    #expect(monitor.schedule == "o1e1:x")
    monitor.send(.key(.paste("rm -rf /")))
    #expect(monitor.schedule == "o1e1:x" && monitor.has("column 1: unexpected 'r'"))
  }

  @Test func `hostile text in the prompt is shown and has no effect`() {
    var monitor = Monitor.lab()
    monitor.send(.key(.paste("o1e1:\u{1b}[2J\u{7}")))
    #expect(monitor.has("^[[2J") && monitor.schedule == "o1e1:")
  }
}
