import RaceLab

/// Every schedule of a system of thirteen steps: how many a second, beside only counting them up.
struct RaceBenchmark {
  private static let rounds = 7

  func run(_ report: inout Report) throws {
    let scenario = try Scenario(stdout: 4, stderr: 4, waiters: 2)
    for kind in [DispatcherKind.exitFirst, .drainOrdered] {
      let ours = best { explore(scenario, kind) }
      let bare = best { count(scenario) }
      report.add(
        "race, \(kind.name), schedules", ours: "\(Report.text(ours / 1e6)) M/s",
        baseline: "\(Report.text(bare / 1e6)) M/s",
        ratio: ours / bare, goal: .atLeast(0.15))
      report.add(
        "race, \(kind.name)", value: "\(Int(ours)) a second", isMet: ours >= 100_000, goal: "≥ 100,000")
    }
  }

  /// The best round's schedules a second.
  private func best(_ body: () -> Int) -> Double {
    var best = 0.0
    for _ in 0..<Self.rounds {
      let began = Workbench.now
      let schedules = body()
      best = max(best, Double(schedules) / (Double(Workbench.now - began) / 1e9))
    }
    return best
  }

  private func explore(_ scenario: Scenario, _ kind: DispatcherKind) -> Int {
    var exploration = Exploration(scenario, kinds: [kind])
    while exploration.advance(by: 10_000) {}
    return exploration.covered
  }

  /// The baseline: the same schedules by the shortest recursion there is, with nothing done in them.
  private func count(_ scenario: Scenario) -> Int {
    var left: SIMD4<UInt8> = [
      UInt8(scenario.stdout + 1), UInt8(scenario.stderr + 1), 1, UInt8(scenario.waiters),
    ]
    return count(&left)
  }

  private func count(_ left: inout SIMD4<UInt8>) -> Int {
    var schedules = 0
    var isEnd = true
    for source in 0..<4 where left[source] > 0 {
      isEnd = false
      left[source] -= 1
      schedules += count(&left)
      left[source] += 1
    }
    return isEnd ? 1 : schedules
  }
}
