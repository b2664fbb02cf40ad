import BoxwatchUI
import ExecModel
import Testing

@Suite struct HolderTests {
  @Test func `holders are asked for once an execution drains for a while, and again now and then`() {
    var monitor = Monitor()
    monitor.add(["x"])
    monitor.event(.exited(.exited(0)), at: 1_000_000_000)
    #expect(monitor.send(.tick(now: 1_050_000_000, clock: "a")) == [])
    #expect(monitor.send(.tick(now: 1_200_000_000, clock: "b")) == [.lookUpHolders(Monitor.id(1))])
    #expect(monitor.send(.tick(now: 1_300_000_000, clock: "c")) == [])
    #expect(monitor.send(.tick(now: 3_300_000_000, clock: "d")) == [.lookUpHolders(Monitor.id(1))])
    monitor.conclude()
    #expect(monitor.send(.tick(now: 9_300_000_000, clock: "e")) == [])
  }

  @Test func `a terminal is told when its pane changes its size`() {
    var monitor = Monitor(24, 100)
    monitor.add(["top"], terminal: TerminalSize(rows: 16, columns: 97))
    #expect(monitor.effects == [])
    #expect(
      monitor.send(.resized(rows: 30, columns: 100))
        == [.resizeTerminal(Monitor.id(1), TerminalSize(rows: 22, columns: 97))])
    #expect(monitor.send(.resized(rows: 30, columns: 100)) == [])
    monitor.finish()
    #expect(monitor.send(.resized(rows: 24, columns: 80)) == [])
  }

  @Test func `an idle monitor has nothing to draw within a second`() {
    var monitor = Monitor()
    monitor.add(["x"])
    monitor.finish()
    for tick in 1...40 { monitor.send(.tick(now: UInt64(tick) * 500_000_000, clock: "14:02:11")) }
    monitor.model.needsDisplay = false
    monitor.send(.tick(now: 30_000_000_000, clock: "14:02:11"))
    #expect(!monitor.model.needsDisplay)
    monitor.send(.tick(now: 30_100_000_000, clock: "14:02:12"))
    #expect(monitor.model.needsDisplay)
  }
}
