import ExecModel
import Glibc
import SystemPackage

/// Floods under the monitor: the command's speed against headless, keys, memory, the last line.
struct ScreenBenchmark {
  func run(_ bench: Workbench, _ report: inout Report) throws {
    try flood(bench, &report, "seq 1 5000000", ["seq", "1", "5000000"], [], last: "5000000")
    try flood(bench, &report, "yes for 10 s", ["timeout", "10", "yes"], ["--keep", "1G"], last: nil)
  }

  private func flood(
    _ bench: Workbench, _ report: inout Report, _ name: String, _ command: [String], _ options: [String], last: String?
  ) throws {
    var ours: [Double] = []
    var theirs: [Double] = []
    var keys: [Double] = []
    var memory = 0
    var lastSeen = true
    for _ in 0..<(last == nil ? 1 : 5) {
      theirs.append(try headless(bench, options, command))
      let run = try MonitorRun(bench, ["run"] + options + ["--"] + command, mark: last ?? "")
      memory = max(memory, try watch(run, &keys))
      _ = try run.wait(milliseconds: 3000) { _ in run.hasSeenMark }
      lastSeen = lastSeen && run.hasSeenMark
      try run.quit()
      let inner = try run.inner()
      ours.append(Double(inner.bytes) / Double(inner.nanoseconds))
    }
    let (own, baseline) = (Samples(ours).median, Samples(theirs).median)
    report.add(
      "\(name): speed", ours: Report.text(own) + " GB/s", baseline: Report.text(baseline) + " GB/s",
      ratio: own / baseline, goal: .atLeast(0.8))
    if !keys.isEmpty {
      let worst = Samples(keys).quantile(0.99) / 1e6
      report.add("\(name): key to screen, p99", value: "\(Report.text(worst)) ms", isMet: worst <= 50, goal: "≤ 50 ms")
    }
    report.add("\(name): memory", value: "\(memory >> 20) MiB", isMet: memory <= 64_000_000, goal: "≤ 64 MB")
    if last != nil {
      report.add("\(name): last line", value: lastSeen ? "there" : "missing", isMet: lastSeen, goal: "there")
    }
  }

  /// Opens and closes the help while the command runs; the most resident memory that was seen.
  private func watch(_ run: MonitorRun, _ keys: inout [Double]) throws -> Int {
    var memory = 0
    _ = try run.wait(for: "running", milliseconds: 3000)
    // The monitor stays until it is told to leave.
    while !run.saysOver, kill(run.pid, 0) == 0 {
      memory = max(memory, ProcessStatus.of("\(run.pid)").resident)
      try run.forget()
      try run.type("?")
      guard let time = try run.wait(for: "Everywhere", milliseconds: 3000) else { break }
      keys.append(Double(time))
      try run.forget()
      try run.type("q")
      // A person does not type faster; more would measure frames that the keys asked for.
      _ = try run.wait(milliseconds: 150) { _ in false }
    }
    return max(memory, ProcessStatus.of("\(run.pid)").peakResident)
  }

  private func headless(_ bench: Workbench, _ options: [String], _ command: [String]) throws -> Double {
    let state = bench.folder.appending("headless-\(UInt64.random(in: .min ... .max))")
    let words = ([bench.boxwatch, "run", "--headless"] + options + ["--"] + command).joined(separator: " ")
    try bench.run(["sh", "-c", "XDG_STATE_HOME=\(state.string) exec \(words) > /dev/null"])
    let inner = try MonitorRun.inner(state)
    return Double(inner.bytes) / Double(inner.nanoseconds)
  }
}
