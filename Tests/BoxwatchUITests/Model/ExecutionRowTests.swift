import ExecModel
import Testing
import Widgets

@testable import BoxwatchUI

@Suite struct ExecutionRowTests {
  private func row(_ events: [ExecutionEvent], drain: DrainPolicy = .untilEndOfStream) -> ExecutionRow {
    var row = ExecutionRow(
      id: Monitor.id(1), spec: ExecutionSpec(command: ["x"], drain: drain), box: "local", number: 1, created: 0)
    for (index, event) in events.enumerated() {
      row.apply(RecordedEvent(sequence: UInt64(index), time: UInt64(index), event: event))
    }
    return row
  }

  private let exit = ExecutionEvent.exit(Conclusion(outcome: Outcome(status: .exited(0))))

  @Test func `nothing but the terminal event makes a row done`() {
    let rest: [ExecutionEvent] = [
      .started(processIdentifier: 1), .output(.stdout, range: 0..<3, lines: 1), .endOfStream(.stdout),
      .endOfStream(.stderr), .exited(.exited(0)), .timeLimitElapsed, .forceClosed, .drainDeadlineElapsed,
      .streamEmptied(.stdout), .connectionLost, .detached, .startFailed(.notFound), .evicted(.stdout, upTo: 2),
      .stalled(.stdout, errno: 28), .resumed(.stdout), .wait(waiter: 1),
    ]
    for event in rest { #expect(!row([event]).isDone && row([event]).badge.word != "done", "\(event)") }
    #expect(!row(rest).isDone)
    #expect(row(rest + [exit]).isDone)
  }

  @Test func `after the terminal event nothing changes but the answered waiters`() {
    let done = row([exit])
    let later = row([
      exit, .output(.stdout, range: 0..<9, lines: 9), .exited(.exited(3)), .stalled(.stdout, errno: 28),
      .exit(Conclusion(outcome: Outcome(status: .lost))), .wait(waiter: 7),
    ])
    #expect(later.state == done.state && later.lengths == done.lengths && later.marks.exit == done.marks.exit)
    #expect(later.marks.waits == [5])
  }

  @Test func `a process that ended is draining, or emptying when its streams are given up`() {
    #expect(row([.exited(.exited(3))]).state == .draining(.exited(3)))
    #expect(row([.exited(.exited(3)), .drainDeadlineElapsed]).state == .emptying(.exited(3)))
    #expect(row([.exited(.exited(3)), .forceClosed]).state == .emptying(.exited(3)))
    #expect(row([.forceClosed, .exited(.forceClosed)]).state == .emptying(.forceClosed))
    #expect(row([.exited(.exited(0))], drain: .untilEmpty).state == .emptying(.exited(0)))
  }

  @Test func `every way to end has a glyph, a word and a role of its own`() {
    let statuses: [ExecModel.ExitStatus] = [
      .exited(0), .exited(3), .signalled(15, coreDumped: false), .timedOut, .forceClosed, .startFailed(.notFound),
      .lost,
    ]
    let badges = statuses.map { row([.exit(Conclusion(outcome: Outcome(status: $0)))]).badge }
    #expect(badges.map(\.word) == ["done", "failed", "signalled", "ended", "killed", "failed", "lost"])
    let cut = row([.exit(Conclusion(outcome: Outcome(status: .exited(0), truncated: .stdout)))])
    #expect(cut.badge.role == .truncated && cut.note == "stdout truncated")
  }

  @Test func `a stalled journal is told in words`() {
    #expect(row([.stalled(.stdout, errno: 28)]).note == "disk full: the command waits")
    #expect(row([.stalled(.stdout, errno: 0)]).note == "a reader is behind: the command waits")
    #expect(row([.stalled(.stdout, errno: 5)]).badge.word == "stalled")
    #expect(
      row([.started(processIdentifier: nil), .stalled(.stdout, errno: 28), .resumed(.stdout)]).badge.word == "running")
  }

  @Test func `arrivals and waiters are remembered up to a bound`() {
    let many = (0..<100).map { ExecutionEvent.output(.stdout, range: UInt64($0)..<UInt64($0 + 1), lines: 0) }
    #expect(row(many).marks.arrivals.stdout.count == EndMarks.arrivalLimit)
    let waits = (0..<100).map { ExecutionEvent.wait(waiter: UInt64($0)) }
    #expect(row([exit] + waits).marks.waits.count == EndMarks.arrivalLimit)
  }
}
