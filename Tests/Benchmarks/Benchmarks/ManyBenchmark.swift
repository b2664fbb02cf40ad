import ExecEngine
import ExecModel

/// A thousand executions running at once: threads and resident memory of the whole process.
struct ManyBenchmark {
  func run(_ bench: Workbench, _ report: inout Report) throws {
    let command = [bench.producer, "hold", "8"]
    let wake = Semaphore()
    let left = Countdown(1000)
    let ids = try (0..<1000).map { _ in try bench.engine.start(ExecutionSpec(command: command), in: bench.box) }
    for id in ids { try bench.engine.wait(id) { _ in if left.finishOne() { wake.signal() } } }
    let memory = ProcessStatus.of("self")
    wake.wait()
    let complete = try ids.filter { try bench.engine.snapshot($0).bytes.stdout == 2 }.count
    let peak = ProcessStatus.of("self").peakResident
    report.add("1,000 running: threads", value: "\(memory.threads)", isMet: memory.threads <= 8, goal: "≤ 8")
    report.add("1,000 running: memory", value: "\(peak >> 20) MiB", isMet: peak <= 64_000_000, goal: "≤ 64 MB")
    report.add("1,000 running: whole", value: "\(complete)", isMet: complete == 1000, goal: "1000")
    for id in ids { try bench.engine.remove(id) }
  }
}
