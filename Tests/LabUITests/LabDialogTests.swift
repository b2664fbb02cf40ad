import Cells
import RaceLab
import Testing

@testable import LabUI

@Suite struct LabDialogTests {
  @Test func `the scenario is changed by its menu`() throws {
    var lab = Lab()
    lab.type("s")
    #expect(lab.has("o1e1: 30 schedules"))
    lab.type("<right><right>jl<down>++<down> <down> <down> <down> ")
    #expect(lab.has("o3e2w2lgdf: 1,614,412,800 schedules"))
    lab.type("<enter>")
    let wanted = try Scenario(
      stdout: 3, stderr: 2, waiters: 2, lateWaiter: true, grandchild: true, deadline: true, forceClose: true)
    #expect(lab.session == LabSession(wanted) && !lab.has("what there is to happen"))
  }

  @Test func `a number of schedules that takes long to count is not counted`() throws {
    let scenario = try Scenario(stdout: 24, stderr: 24, waiters: 8, lateWaiter: true, grandchild: true)
    var lab = Lab(LabSession(scenario))
    lab.type("s")
    #expect(lab.has("o24e24w8lg: too many schedules to try"))
  }

  @Test func `numbers stop at their bounds, and leaving changes nothing`() {
    var lab = Lab()
    lab.type("3<enter>s" + String(repeating: "<left>", count: 3))
    #expect(lab.has("< 0 >"))
    lab.type(String(repeating: "<right>", count: 30))
    #expect(lab.has("< \(Scenario.mostChunks) >"))
    lab.type("<escape>")
    #expect(lab.schedule == "o1e1:x")
    lab.type("s<enter>")
    #expect(lab.schedule == "o1e1:x")
  }

  @Test func `a typed schedule is shown`() {
    var lab = Lab()
    lab.type("po1e1g:xoegoGOE<enter>")
    #expect(lab.schedule == "o1e1g:xoegoGOE" && !lab.has("a schedule, such as"))
  }

  @Test func `a bad schedule shows its error with the column under the line`() {
    var lab = Lab()
    lab.type("po1e1:xO<enter>")
    #expect(lab.has("> o1e1:xO"))
    #expect(lab.has("column 7: unexpected 'O'; expected one of o e"))
    let line = lab.screen.split(separator: "\n").first { $0.contains("> o1e1:xO") } ?? ""
    let mark = lab.screen.split(separator: "\n").first { $0.contains("^") } ?? ""
    let column = line.distance(from: line.startIndex, to: line.firstIndex(of: "O") ?? line.startIndex)
    #expect(mark.distance(from: mark.startIndex, to: mark.firstIndex(of: "^") ?? mark.startIndex) == column)
    lab.type("<backspace>oO<enter>")
    #expect(lab.schedule == "o1e1:xoO" && !lab.has("a schedule, such as"))
  }

  @Test func `the present schedule can be recalled and changed`() {
    var lab = Lab()
    lab.type("3<enter>p<up>oeO<enter>")
    #expect(lab.schedule == "o1e1:xoeO")
    lab.type("pxyz<escape>")
    #expect(lab.schedule == "o1e1:xoeO")
  }

  @Test func `a paste is a schedule, with the prompt open or not`() {
    var lab = Lab()
    lab.send(.key(.paste("  o2e1:oxo\n")))
    #expect(lab.schedule == "o2e1:oxo")
    lab.type("p")
    lab.send(.key(.paste("o1e1:x")))
    lab.type("<enter>")
    #expect(lab.schedule == "o1e1:x")
    lab.send(.key(.paste("rm -rf /")))
    #expect(lab.schedule == "o1e1:x" && lab.has("column 1: unexpected 'r'"))
  }

  @Test func `hostile text in the prompt is shown and has no effect`() {
    var lab = Lab()
    lab.send(.key(.paste("o1e1:\u{1b}[2J\u{7}")))
    #expect(lab.has("^[[2J") && lab.schedule == "o1e1:")
  }
}
