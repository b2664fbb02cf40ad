import ExecModel
import RaceLab
import Testing

@Suite struct VerdictTests {
  private func sentence(_ text: String, _ kind: DispatcherKind) throws -> String {
    LabSession(try Schedule(text: text), kinds: [kind]).verdicts[0].sentence
  }

  @Test(arguments: [
    ("o1e0:xoOE", DispatcherKind.exitFirst, "done, exit 0, 13 bytes lost"),
    ("o1e0:xoOE", .drainOrdered, "done, exit 0, whole"),
    ("o1e1:", .exitFirst, "reading"),
    ("o1e1:o", .exitFirst, "reading, 13 bytes so far"),
    ("o1e1:oOeEx", .endOfStreamOnly, "done, status unknown, reported too early"),
    ("o1e0w1:xwoOE", .exitGated, "done, exit 0, 13 bytes lost, a wait before the exit"),
    ("o1e1gd:xdoeEgoGO", .drainOrdered, "done, exit 0, stdout cut short"),
    ("o1e1g:xoeEgoGO", .untilEmpty, "done, exit 0, 12 bytes lost, reported too early"),
    ("o1e1f:fxoeOE", .drainOrdered, "done, force closed, whole"),
    ("o1e1f:foeOEx", .exitFirst, "done, force closed, 27 bytes lost, reported too early"),
    ("o1e1d:xdoeOE", .fixedTimer, "done, exit 0, 27 bytes lost"),
  ])
  func `a verdict is one sentence`(text: String, kind: DispatcherKind, expected: String) throws {
    #expect(try sentence(text, kind) == expected)
  }

  @Test func `a cut that is named is no loss, and one that is not is`() throws {
    let schedule = try Schedule(text: "o1e1gd:xdoeEgoGO")
    let verdicts = LabSession(schedule, kinds: [.drainOrdered, .untilEmpty]).verdicts
    #expect(verdicts[0].violations.isEmpty)
    #expect(verdicts[0].named == .stdout)
    #expect(verdicts[0].bytesLost.total == 0)
    #expect(verdicts[1].violations == [.whole, .honestEnd])
    #expect(verdicts[1].lost == PerStream<Int>(stdout: 1))
    #expect(verdicts[1].bytesLost.stdout == 12)
  }

  @Test func `an unanswered waiter is reported`() throws {
    var run = Run<HastyMachine, NoRecord>(HastyMachine())
    let scenario = try Scenario(stdout: 0, stderr: 0, waiters: 1)
    for source in [Source.stdout, .stderr, .waiter, .exit] { run.take(source, in: scenario) }
    let verdict = Verdict(run, in: scenario)
    #expect(verdict.sentence == "done, exit 0, 1 not answered")
    #expect(verdict.violations == .late)
  }
}
