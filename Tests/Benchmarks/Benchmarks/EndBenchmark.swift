import BenchmarkBaseline
import ExecEngine
import ExecModel
import Journal

/// From the child's last write to the `exit` event in an idle subscriber's hands.
struct EndBenchmark {
  static let count = 1500

  func run(_ bench: Workbench, _ report: inout Report) throws {
    let command = [bench.producer, "stamp"]
    var ends = [UInt64](repeating: 0, count: Self.count)
    var ours: [Double] = []
    var theirs: [Double] = []
    // In turns, so that both see the machine in the same moods.
    for _ in 0..<4 {
      _ = Workbench.withCommand(command) { baseline_spawn($0, Int32(Self.count), 1, &ends) }
      theirs += ends.map { Double($0) }
      for _ in 0..<Self.count { ours.append(try latency(bench, command)) }
    }
    let (own, baseline) = (Samples(ours), Samples(theirs))
    report.add(
      "end, median", ours: text(own.median), baseline: text(baseline.median), ratio: own.median / baseline.median,
      goal: .atMost(2))
    report.add(
      "end, p99", ours: text(own.quantile(0.99)), baseline: text(baseline.quantile(0.99)),
      ratio: own.quantile(0.99) / baseline.quantile(0.99), goal: .atMost(3))
  }

  private func latency(_ bench: Workbench, _ command: [String]) throws -> Double {
    let id = try bench.engine.start(ExecutionSpec(command: command), in: bench.box)
    let subscription = try bench.engine.attach(id)
    let wake = Semaphore()
    while true {
      let events = try subscription.poll()
      for event in events {
        guard case .exit = event.event else { continue }
        let seen = Workbench.now
        return Double(seen - (try stamp(subscription.journal)))
      }
      if events.isEmpty, subscription.arm({ wake.signal() }) { wake.wait() }
    }
  }

  private func stamp(_ journal: JournalReader) throws -> UInt64 {
    var stamp: UInt64 = 0
    _ = try withUnsafeMutableBytes(of: &stamp) { try journal.read(.stdout, at: 0, into: $0) }
    return stamp
  }

  private func text(_ nanoseconds: Double) -> String { "\(Int(nanoseconds / 1000)) µs" }
}
