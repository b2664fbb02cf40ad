import RaceLab

/// All executions of one dispatcher, counted.
struct LiveTally: Hashable, Sendable {
  /// Whose they are.
  let kind: DispatcherKind
  private var outputs: [LiveOutcome.Output: Int] = [:]
  /// How many were counted.
  private(set) var executions = 0
  /// How many were told a wrong exit code, or none.
  private(set) var wrongExits = 0
  /// How many were not told their end in time.
  private(set) var missing = 0
  /// The promises that were broken at least once.
  private(set) var broken: PromiseSet = []
  private var latencies: [UInt64] = []

  init(_ kind: DispatcherKind) { self.kind = kind }

  /// Counts one more.
  mutating func add(_ outcome: LiveOutcome) {
    executions += 1
    outputs[outcome.output, default: 0] += 1
    if outcome.hasWrongExit { wrongExits += 1 }
    if outcome.isMissing { missing += 1 }
    if let latency = outcome.latency { latencies.append(latency) }
    broken.formUnion(outcome.broken)
  }

  /// How many ended with this output.
  func count(_ output: LiveOutcome.Output) -> Int { outputs[output, default: 0] }

  /// How many lost bytes that nobody spoke of.
  var losses: Int { count(.truncated) + count(.empty) }
  /// Their share, 0 to 1; 0 before the first.
  var loss: Double { executions == 0 ? 0 : Double(losses) / Double(executions) }
  /// The 95 % interval of the share.
  var interval: WilsonInterval { WilsonInterval(hits: losses, of: executions) }

  /// The promises that it makes and broke.
  var brokenPromises: PromiseSet { broken.intersection(kind.promises) }

  /// Quantiles of the time from the reaper's report to the told end, in nanoseconds, by nearest rank; nil for shares for
  /// which there is nothing.
  func quantiles(_ shares: [Double]) -> [UInt64?] {
    let sorted = latencies.sorted()
    return shares.map { share in
      guard !sorted.isEmpty else { return nil }
      let rank = Int((share * Double(sorted.count)).rounded(.up))
      return sorted[min(sorted.count, max(1, rank)) - 1]
    }
  }
}
