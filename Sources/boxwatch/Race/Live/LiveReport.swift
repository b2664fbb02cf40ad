import JSON
import RaceLab

/// What became of one execution, as its consumer saw it.
struct LiveOutcome: Hashable, Sendable {
  /// What the consumer had read when it was told the end.
  enum Output: Hashable, Sendable, CaseIterable {
    /// All that the command wrote.
    case whole
    /// A part, and nothing said so.
    case truncated
    /// Nothing of what there was, and nothing said so.
    case empty
    /// What there was until a stream was cut short, and the end named the stream.
    case cut
    /// All that was read, but a stream was closed while somebody held it, and nothing said so: what came later is unknown.
    case abandoned

    /// Whether bytes were lost that nobody spoke of.
    var isLoss: Bool { self == .truncated || self == .empty }
  }

  /// What was read.
  let output: Output
  /// Whether the end was told with another status than the reaper's, with none, or not at all.
  let hasWrongExit: Bool
  /// Whether the end was not told in time.
  let isMissing: Bool
  /// Nanoseconds from the reaper's report to the told end, 0 when it was told before; nil when it was not told.
  let latency: UInt64?
  /// The promises that were seen broken.
  let broken: PromiseSet
}

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

/// The 95 % interval of a share that was counted: Wilson's score interval, which is sound near 0 and 1 too.
///
/// E. B. Wilson, “Probable inference, the law of succession, and statistical inference”, JASA 22 (1927).
struct WilsonInterval: Hashable, Sendable {
  /// The 97.5 % quantile of the normal distribution.
  private static let z = 1.959_963_984_540_054

  /// The lower bound, 0 to 1.
  let low: Double
  /// The upper bound, 0 to 1.
  let high: Double

  /// The interval for `hits` of `trials`; everything when nothing was tried.
  init(hits: Int, of trials: Int) {
    guard trials > 0 else {
      (low, high) = (0, 1)
      return
    }
    let n = Double(trials)
    let p = min(1, max(0, Double(hits) / n))
    let square = Self.z * Self.z / n
    let center = p + square / 2
    let spread = Self.z * (p * (1 - p) / n + square / (4 * n)).squareRoot()
    // With no hit, or none missing, rounding must not move the bound that is exact.
    low = hits <= 0 ? 0 : max(0, (center - spread) / (1 + square))
    high = hits >= trials ? 1 : min(1, (center + spread) / (1 + square))
  }
}

/// What a live race counted, as text.
struct LiveReport {
  let tallies: [LiveTally]
  /// How long the race took.
  let nanoseconds: UInt64

  init(_ tallies: [LiveTally], nanoseconds: UInt64) {
    self.tallies = tallies
    self.nanoseconds = nanoseconds
  }

  /// The table and what its columns mean.
  func lines(isASCII: Bool) -> [String] { table(isASCII) + [""] + legend + notes + [speed] }

  private func table(_ isASCII: Bool) -> [String] {
    let rest = rareColumns
    var table = TextTable(
      [.init("dispatcher", .left), .init("execs"), .init("whole"), .init("truncated"), .init("empty")]
        + rest.map { .init($0.head) }
        + [.init("loss"), .init("95 %"), .init("wrong exit"), .init("p50"), .init("p99")])
    for tally in tallies {
      let outputs: [LiveOutcome.Output] = [.whole, .truncated, .empty]
      let times = tally.quantiles([0.5, 0.99]).map { time in
        time.map { NumberWords.time(nanoseconds: $0, isASCII: isASCII) } ?? "-"
      }
      let loss = tally.executions == 0 ? "-" : NumberWords.percent(tally.loss)
      table.add(
        [tally.kind.name, NumberWords.grouped(tally.executions)]
          + (outputs + rest.map(\.output)).map { NumberWords.grouped(tally.count($0)) }
          + [loss, Self.words(tally.interval), NumberWords.grouped(tally.wrongExits)] + times
      )
    }
    return table.lines
  }

  /// Columns that are shown when there is something in them.
  private var rareColumns: [(head: String, output: LiveOutcome.Output)] {
    [("cut", .cut), ("left early", .abandoned)].filter { column in tallies.contains { $0.count(column.1) > 0 } }
  }

  private var legend: [String] {
    var lines = [
      "whole: at the first end that it was told, exit or wait, the consumer had read all that the command wrote",
      "p50, p99: from the reaper's report of the exit to that end",
    ]
    if tallies.contains(where: { $0.wrongExits > 0 }) {
      lines.append("wrong exit: told another status than the reaper's, told none, or told no end in time")
    }
    if tallies.contains(where: { $0.count(.cut) > 0 }) {
      lines.append("cut: a held stream was given up, and the end named it")
    }
    if tallies.contains(where: { $0.count(.abandoned) > 0 }) {
      lines.append("left early: a held stream was closed and the end did not say so; what came later, nobody knows")
    }
    return lines
  }

  private var notes: [String] {
    tallies.filter { $0.missing > 0 }.map {
      "\($0.kind.name): \(NumberWords.count($0.missing, "exec")) not told the end in time"
    }
  }

  private var speed: String {
    let count = tallies.reduce(0) { $0 + $1.executions }
    let seconds = Double(nanoseconds) / 1e9
    let rate = seconds > 0 ? NumberWords.decimal(Double(count) / seconds, places: 0) : "-"
    return "\(NumberWords.count(count, "exec")) in \(NumberWords.decimal(seconds, places: 1)) s, \(rate) a second"
  }

  private static func words(_ interval: WilsonInterval) -> String {
    NumberWords.bound(interval.low) + " to " + NumberWords.bound(interval.high)
  }
}

extension LiveReport {
  /// One object for each dispatcher.
  ///
  /// `whole`, `truncated`, `empty`, `cut` and `abandoned` add up to `execs`; `loss` is the share of `truncated` and `empty`, 0
  /// to 1, `interval` its 95 % interval; `p50` and `p99` are seconds from the reaper's report to the told end, null when no
  /// end was told; `missing` of the `wrong_exit` were not told any end in time.
  var jsonLines: [JSONLine] { tallies.map(Self.line) }

  private static func line(_ tally: LiveTally) -> JSONLine {
    var line = JSONLine()
    line.add("dispatcher", tally.kind.name)
    line.add("execs", tally.executions)
    for output in LiveOutcome.Output.allCases { line.add(output.name, tally.count(output)) }
    line.add("loss", tally.loss)
    line.add("interval", numbers: [tally.interval.low, tally.interval.high])
    line.add("wrong_exit", tally.wrongExits)
    line.add("missing", tally.missing)
    let seconds = tally.quantiles([0.5, 0.99]).map { $0.map { Double($0) / 1e9 } }
    line.add("p50", seconds[0])
    line.add("p99", seconds[1])
    line.add("broken", tally.broken.promises.map(\.name))
    line.add("promises", tally.kind.promises.promises.map(\.name))
    return line
  }
}

extension LiveOutcome.Output {
  /// Its name in the report.
  var name: String {
    switch self {
    case .whole: "whole"
    case .truncated: "truncated"
    case .empty: "empty"
    case .cut: "cut"
    case .abandoned: "abandoned"
    }
  }
}
