import ExecModel
import Testing

@testable import BoxwatchUI

@Suite struct DrainLaneTests {
  private func lane(_ monitor: Monitor, width: Int = 140) -> String {
    guard let row = monitor.model.selected else { return "" }
    return DrainLane(row, now: monitor.model.now, isUTF8: true).parts(width: width).map(\.text).joined()
  }

  private func ended() -> Monitor {
    var monitor = Monitor(24, 140)
    monitor.add(["x"])
    monitor.output("a\n", 1, at: 1_000_000)
    monitor.output("b\n", 1, at: 2_000_000)
    monitor.output("e\n", 1, .stderr, at: 2_500_000)
    monitor.event(.exited(.exited(0)), at: 5_000_000)
    monitor.event(.endOfStream(.stderr), at: 6_000_000)
    monitor.event(.endOfStream(.stdout), at: 9_000_000)
    return monitor
  }

  @Test func `nothing is at the end before the terminal event`() {
    let monitor = ended()
    #expect(lane(monitor).contains("Exit ·  Wait ·") && !lane(monitor).contains("▲"))
  }

  @Test func `the marble diagram shows last bytes, both ends, the exit seen, Exit and Wait on one time axis`() {
    var monitor = ended()
    monitor.event(.exit(Conclusion(outcome: Outcome(status: .exited(0)))), at: 10_000_000)
    monitor.event(.wait(waiter: 1), at: 10_000_000)
    monitor.event(.wait(waiter: 2), at: 10_000_000)
    let text = lane(monitor)
    #expect(text.hasSuffix("Exit ▲  Wait ▲▲  drained in 5.0 ms"))
    #expect(["out ", "err ", "exit "].allSatisfy(text.contains))
    #expect(text.filter { $0 == "●" }.count == 3 && text.filter { $0 == "|" }.count == 2 && text.contains("x"))
  }

  @Test func `later stands further right across all segments`() throws {
    var monitor = ended()
    monitor.event(.exit(Conclusion(outcome: Outcome(status: .exited(0)))), at: 10_000_000)
    let row = try #require(monitor.model.selected)
    let parts = DrainLane(row, now: 0, isUTF8: true).parts(width: 140).map(\.text)
    let column = { (part: Int, mark: Character) in
      parts[part].firstIndex(of: mark).map { parts[part].distance(from: parts[part].startIndex, to: $0) } ?? -1
    }
    let exited = column(8, "x")
    #expect(column(2, "●") >= 0 && column(2, "|") >= exited && column(5, "|") >= exited)
  }

  @Test func `a stream that was given up has another mark and a text`() {
    var monitor = Monitor(24, 140)
    monitor.add(["x"])
    monitor.event(.exited(.exited(0)), at: 1_000_000)
    monitor.event(.endOfStream(.stderr), at: 1_000_000)
    monitor.event(.drainDeadlineElapsed, at: 2_000_000)
    monitor.event(.streamEmptied(.stdout), at: 2_000_000)
    monitor.conclude(truncated: .stdout)
    #expect(lane(monitor).contains("%") && lane(monitor).contains("stdout truncated"))
  }

  @Test func `the lane fits into every width, and times may be anything`() {
    var monitor = ended()
    for width in 0...200 {
      let text = lane(monitor, width: width)
      if width >= 60 { #expect(text.count <= width, "\(width): \(text)") }
    }
    monitor.event(.output(.stdout, range: 0..<9, lines: 1), at: .max)
    monitor.event(.wait(waiter: 1), at: .max)
    monitor.event(.exit(Conclusion(outcome: Outcome(status: .lost))), at: 3)
    #expect(lane(monitor).contains("Exit ▲"))
  }
}
