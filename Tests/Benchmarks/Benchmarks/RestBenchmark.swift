import ExecModel

/// The monitor at rest, and its start.
struct RestBenchmark {
  func run(_ bench: Workbench, _ report: inout Report) throws {
    try start(bench, &report)
    try idle(bench, &report)
  }

  private func start(_ bench: Workbench, _ report: inout Report) throws {
    var times: [Double] = []
    for _ in 0..<20 {
      let began = Workbench.now
      let run = try MonitorRun(bench, [])
      // The status line is the last row of the first frame.
      guard try run.wait(for: "quit", milliseconds: 5000) != nil else { continue }
      times.append(Double(Workbench.now - began) / 1e6)
      try run.quit()
    }
    let median = Samples(times).median
    report.add("start to first frame, median", value: "\(Report.text(median)) ms", isMet: median <= 20, goal: "≤ 20 ms")
  }

  private func idle(_ bench: Workbench, _ report: inout Report) throws {
    let run = try MonitorRun(bench, ["run", "--", "sleep", "60"])
    _ = try run.wait(for: "running", milliseconds: 5000)
    let before = ProcessStatus.of("\(run.pid)").processorTime
    _ = try run.wait(milliseconds: 20_000) { _ in false }
    let share = Double(ProcessStatus.of("\(run.pid)").processorTime - before) / 20e9 * 100
    try run.quit()
    report.add("idle monitor", value: "\(Report.text(share)) % of a core", isMet: share < 0.5, goal: "< 0.5 %")
  }
}
