import ExecEngine
import ExecModel
import Glibc
import Linux

/// What one look at the processor and memory of 1, 100 and 1,000 running commands costs of a processor.
///
/// The monitor looks at what is on the screen, and rests 200 times as long as that took.
struct UsageBenchmark {
  func run(_ bench: Workbench, _ report: inout Report) throws {
    for count in [1, 100, 1000] { try run(count, bench, &report) }
  }

  private func run(_ count: Int, _ bench: Workbench, _ report: inout Report) throws {
    let wake = Semaphore()
    let left = Countdown(count)
    let command = [bench.producer, "hold", "8"]
    let ids = try (0..<count).map { _ in try bench.engine.start(ExecutionSpec(command: command), in: bench.box) }
    for id in ids { try bench.engine.wait(id) { _ in if left.finishOne() { wake.signal() } } }
    let begin = ThreadProcessorTime.now
    let found = try ids.filter { try bench.engine.usage($0) != nil }.count
    let cost = Double(ThreadProcessorTime.now - begin) / Double(count) / 1000
    report.add(
      "usage of \(count): each", value: "\(Report.text(cost)) µs", isMet: cost < 200 && found == count, goal: "< 200 µs"
    )
    for id in ids { try bench.engine.forceClose(id) }
    wake.wait()
    for id in ids { try bench.engine.remove(id) }
  }
}
