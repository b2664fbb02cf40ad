import BoxwatchUI
import Cells
import ExecModel
import Testing
import Widgets

@Suite struct WaitingTests {
  private func queued(_ number: Int) throws -> Message.Queued {
    let id = try #require(ExecutionID("waiting-\(number)"))
    return Message.Queued(id: id, spec: ExecutionSpec(command: ["job", "\(number)"]), box: "local")
  }

  /// One command that runs, and so many that wait.
  private func monitor(waiting count: Int, unlisted: Int = 0) throws -> Monitor {
    var monitor = Monitor()
    monitor.add(["first"])
    monitor.send(.queued(try (1...count).map(queued)))
    monitor.send(.unlisted(unlisted))
    return monitor
  }

  @Test func `commands that wait are listed as waiting and counted`() throws {
    let monitor = try monitor(waiting: 2, unlisted: 59_000)
    let text = monitor.screen
    #expect(text.contains("waiting"))
    #expect(text.contains("job 2"))
    #expect(text.contains("59003 execs: 59002 waiting, 1 running"))
  }

  @Test func `a queued command that starts keeps its row and its number`() throws {
    var monitor = try monitor(waiting: 2)
    monitor.send(.begun(try queued(1).id, as: Monitor.id(7), created: 5))
    monitor.event(.started(processIdentifier: 99), 7)
    let row = try #require(monitor.model.row(Monitor.id(7)))
    #expect(row.number == 2 && row.state == .running && row.title == "job 1")
    #expect(monitor.model.row(try queued(1).id) == nil)
    #expect(monitor.model.rows.map(\.number) == [1, 2, 3])
  }

  @Test func `s starts it now, and K removes it`() throws {
    var monitor = try monitor(waiting: 2)
    monitor.type("2")
    let first = try queued(1).id
    #expect(monitor.type("s") == [.startWaiting(first)])
    #expect(monitor.type("K") == [.cancelWaiting(first)])
    monitor.send(.unqueued(first))
    #expect(monitor.model.rows.map(\.number) == [1, 3])
    monitor.type("1")
    #expect(monitor.type("s").isEmpty)
    #expect(monitor.model.notice?.text.contains("started already") == true)
  }

  @Test func `other actions on a queued command are refused with the reason`() throws {
    for key in ["x", "i", "D"] as [String] {
      var monitor = try monitor(waiting: 1)
      monitor.type("2")
      #expect(monitor.type(key).isEmpty)
      #expect(monitor.model.notice?.text.contains("waits for its turn") == true)
    }
  }

  @Test func `quitting asks, and says what will not be started`() throws {
    var monitor = try monitor(waiting: 2, unlisted: 5)
    #expect(monitor.type("q").isEmpty)
    let text = monitor.screen
    #expect(text.contains("1 execution is still running."))
    #expect(text.contains("7 more wait for a turn, and will not be started."))
    #expect(Summary.text(monitor.model) { _, _ in nil }.hasSuffix("7 commands were not started\n"))
  }

  @Test func `of very many that are over the oldest that ended well lose their rows, and are counted`() throws {
    var monitor = Monitor()
    let whole = Conclusion(outcome: Outcome(status: .exited(0)))
    let failed = Conclusion(outcome: Outcome(status: .exited(1)))
    for number in 1...1200 {
      monitor.add(["job"])
      monitor.event(.exit(number <= 10 ? failed : whole), number)
    }
    let effects = monitor.send(.tick(now: 1, clock: "14:02:12"))
    #expect(monitor.model.rows.count == 1000)
    #expect(monitor.model.rows.prefix(10).map(\.number) == Array(1...10))
    #expect(monitor.model.droppedOwn == ["done": 200])
    #expect(effects.filter { if case .forget = $0 { true } else { false } }.count == 200)
    #expect(Summary.text(monitor.model) { _, _ in nil }.hasSuffix("200 more executions: 200 done\n"))
  }
}
