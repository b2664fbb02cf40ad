import BoxwatchUI
import ExecModel
import Testing

/// Rows of executions of other processes.
@Suite struct AttachedTests {
  private let one = Monitor.id(1)

  private func attached(limits: RowLimits = .none, own: Bool = false, terminal: TerminalSize? = nil) -> Monitor {
    var monitor = Monitor(24, 120)
    monitor.add(
      ["make"], input: .pipe, terminal: terminal, origin: .attached(place: "monitor 4711"), limits: limits)
    if own { monitor.add(["sleep", "9"]) }
    return monitor
  }

  @Test func `the list and the pane say whose it is`() {
    var monitor = attached(own: true)
    #expect(monitor.row(3).contains("local @monitor 4711 make"), "\(monitor.screen)")
    #expect(monitor.row(5).contains(" @monitor 4711 ─┐") || monitor.row(6).contains(" @monitor 4711 ─┐"))
    monitor.send(.resized(rows: 24, columns: 50))
    #expect(monitor.row(3).contains("@ make"), "\(monitor.screen)")
    #expect(Monitor.id(1) == one && !monitor.row(2).contains("@"))
  }

  @Test func `an own execution alone leaves no column free for it`() {
    var monitor = Monitor(24, 120)
    monitor.add(["make"])
    #expect(monitor.row(2).contains("local make"))
  }

  @Test func `leaving asks for what would be ended alone, and lets the rest go on`() {
    var watching = attached()
    #expect(watching.type("q") == [.quit])
    var both = attached(own: true)
    #expect(both.type("q") == [] && both.has("1 execution is still running.") && both.has("1 more is only attached"))
    both.send(.leaving)
    both.event(.connectionLost)
    both.conclude(.lost)
    let summary = Summary.text(both.model.rows) { _, _ in nil }
    #expect(
      summary.hasPrefix("[1] make (local, attached to monitor 4711): still running, stdout 0 lines"), "\(summary)")
    #expect(summary.contains("[2] sleep 9 (local): running"))
  }

  @Test func `what cannot be done from here is refused with the reason, and no hint offers it`() {
    let reason = "its boxwatch cannot be reached"
    var monitor = attached(limits: RowLimits(everything: reason))
    for key in ["x", "i", "K"] {
      #expect(monitor.type(key) == [] && monitor.status.contains(reason), "\(key)")
    }
    monitor.type("<tab>")
    #expect(!monitor.status.contains("x signal") && !monitor.status.contains("K kill"))
    monitor.event(.exited(.exited(0)))
    #expect(monitor.type("D") == [] && monitor.status.contains(reason))
    monitor = attached()
    monitor.event(.exited(.exited(0)))
    #expect(monitor.type("D") == [.release(one)] && monitor.type("K") == [.forceClose(one)])
  }

  @Test func `another's terminal keeps its size when it is only looked at`() {
    var watched = attached(limits: RowLimits(resize: "it has a screen of its own"), terminal: TerminalSize())
    #expect(watched.send(.resized(rows: 40, columns: 140)) == [])
    var headless = attached(terminal: TerminalSize())
    #expect(headless.send(.resized(rows: 40, columns: 140)).count == 1)
  }

  @Test func `holders are looked up for executions of this boxwatch only`() {
    var monitor = attached(own: true)
    monitor.event(.exited(.exited(0)), 1, at: 1)
    monitor.event(.exited(.exited(0)), 2, at: 1)
    #expect(monitor.send(.tick(now: 9_000_000_000, clock: "14:02:12")) == [.lookUpHolders(Monitor.id(2))])
  }

  @Test func `an execution whose boxwatch died is interrupted: over, and never done`() {
    var monitor = attached()
    monitor.output("half", at: 5_000_000_000)
    monitor.send(.interrupted(one))
    #expect(
      monitor.row(2).contains("† interrupted") && monitor.row(2).contains("owner died"), "\(monitor.screen)")
    #expect(monitor.has("── interrupted · its boxwatch died · 1 line ──") && monitor.row(0).contains("1 interrupted"))
    #expect(monitor.model.rows[0].isOver && !monitor.model.rows[0].isDone)
    #expect(monitor.type("x") == [] && monitor.status.contains("execution 1 is interrupted"))
    #expect(monitor.type("q") == [.quit])
    monitor.send(.tick(now: 60_000_000_000, clock: "14:03:11"))
    #expect(monitor.row(2).contains("00:05"))
    #expect(Summary.text(monitor.model.rows) { _, _ in nil }.contains("): interrupted, stdout 1 line"))
  }

  @Test func `an end that was read in time stays after the death of its boxwatch`() {
    var monitor = attached()
    monitor.finish()
    monitor.send(.interrupted(one))
    #expect(monitor.model.rows[0].isDone && monitor.row(2).contains("✔ done"))
  }

  @Test func `where there is no UTF-8 an interrupted execution has an ASCII mark`() {
    var monitor = Monitor(24, 120, isUTF8: false)
    monitor.add(["x"], origin: .attached(place: "journal"))
    monitor.send(.interrupted(one))
    #expect(monitor.row(2).contains("~ interrupted"))
  }
}
