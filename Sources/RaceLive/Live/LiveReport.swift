import Console
import JSON
import RaceLab

/// The outcome of one execution, as its consumer saw it.
struct LiveOutcome: Hashable, Sendable {
  /// What the consumer had read when it received the end.
  enum Output: Hashable, Sendable, CaseIterable {
    /// All output of the command.
    case whole
    /// A part, without notice.
    case truncated
    /// Nothing although there was output, without notice.
    case empty
    /// The output until a stream was truncated, and the end named the stream.
    case cut
    /// All that was read, but a stream was closed while it was held, without notice: later output
    /// is unknown.
    case abandoned

    /// Whether bytes were lost without notice.
    var isLoss: Bool { self == .truncated || self == .empty }
  }

  /// What was read.
  let output: Output
  /// Whether the end had another status than the reaper's, none, or did not arrive.
  let hasWrongExit: Bool
  /// Whether the end did not arrive in time.
  let isMissing: Bool
  /// Nanoseconds from the reaper's report to the received end, 0 when it came before; nil when it
  /// did not come.
  let latency: UInt64?
  /// The promises that were broken.
  let broken: PromiseSet
}

/// The counts of one dispatcher's executions.
struct LiveTally: Hashable, Sendable {
  /// The dispatcher.
  let kind: DispatcherKind
  private var outputs: [LiveOutcome.Output: Int] = [:]
  /// The number of executions.
  private(set) var executions = 0
  /// The number of executions with a wrong exit code, or none.
  private(set) var wrongExits = 0
  /// The number of executions whose end did not arrive in time.
  private(set) var missing = 0
  /// The promises that were broken at least once.
  private(set) var broken: PromiseSet = []
  private var latencies: [UInt64] = []

  init(_ kind: DispatcherKind) { self.kind = kind }

  /// Counts an outcome.
  mutating func add(_ outcome: LiveOutcome) {
    executions += 1
    outputs[outcome.output, default: 0] += 1
    if outcome.hasWrongExit { wrongExits += 1 }
    if outcome.isMissing { missing += 1 }
    if let latency = outcome.latency { latencies.append(latency) }
    broken.formUnion(outcome.broken)
  }

  /// The number of executions with this output.
  func count(_ output: LiveOutcome.Output) -> Int { outputs[output, default: 0] }

  /// The number of executions that lost bytes without notice.
  var losses: Int { count(.truncated) + count(.empty) }
  /// Their share, 0 to 1; 0 before the first execution.
  var loss: Double { executions == 0 ? 0 : Double(losses) / Double(executions) }
  /// The 95 % interval of the share.
  var interval: WilsonInterval { WilsonInterval(hits: losses, of: executions) }

  /// The promises that it makes and broke.
  var brokenPromises: PromiseSet { broken.intersection(kind.promises) }

  /// Quantiles of the time from the reaper's report to the received end, in nanoseconds, by nearest
  /// rank; nil where there is no value.
  func quantiles(_ shares: [Double]) -> [UInt64?] {
    let sorted = latencies.sorted()
    return shares.map { share in
      guard !sorted.isEmpty else { return nil }
      let rank = Int((share * Double(sorted.count)).rounded(.up))
      return sorted[min(sorted.count, max(1, rank)) - 1]
    }
  }
}

/// The 95 % interval of an observed share: Wilson's score interval, which is valid near 0 and 1
/// too.
///
/// E. B. Wilson, “Probable inference, the law of succession, and statistical inference”, JASA 22
/// (1927).
struct WilsonInterval: Hashable, Sendable {
  /// The 97.5 % quantile of the normal distribution.
  private static let z = 1.959_963_984_540_054

  /// The lower bound, 0 to 1.
  let low: Double
  /// The upper bound, 0 to 1.
  let high: Double

  /// The interval for `hits` of `trials`; 0 to 1 without trials.
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
    // With no hit, or only hits, rounding must not move the exact bound.
    low = hits <= 0 ? 0 : max(0, (center - spread) / (1 + square))
    high = hits >= trials ? 1 : min(1, (center + spread) / (1 + square))
  }
}

/// The counts of a live race, as text.
struct LiveReport {
  let tallies: [LiveTally]
  /// The duration of the race.
  let nanoseconds: UInt64

  init(_ tallies: [LiveTally], nanoseconds: UInt64) {
    self.tallies = tallies
    self.nanoseconds = nanoseconds
  }

  /// The table and the meaning of its columns.
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

  /// Columns that are shown only when they have a count.
  private var rareColumns: [(head: String, output: LiveOutcome.Output)] {
    [("cut", .cut), ("left early", .abandoned)].filter { column in tallies.contains { $0.count(column.1) > 0 } }
  }

  private var legend: [String] {
    var lines = [
      "whole: at the first end that was reported, exit or wait, the consumer had read all that the command wrote",
      "p50, p99: from the reaper's report of the exit to that end",
    ]
    if tallies.contains(where: { $0.wrongExits > 0 }) {
      lines.append("wrong exit: a status other than the reaper's, no status, or no end in time")
    }
    if tallies.contains(where: { $0.count(.cut) > 0 }) {
      lines.append("cut: a held stream was given up, and the end named it")
    }
    if tallies.contains(where: { $0.count(.abandoned) > 0 }) {
      lines.append("left early: a held stream was closed and the end did not say so; later output is unknown")
    }
    return lines
  }

  private var notes: [String] {
    tallies.filter { $0.missing > 0 }.map {
      "\($0.kind.name): \(NumberWords.count($0.missing, "exec")) without an end in time"
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
  /// One object per dispatcher.
  ///
  /// `whole`, `truncated`, `empty`, `cut` and `abandoned` add up to `execs`; `loss` is the share of
  /// `truncated` and `empty`, 0 to 1, `interval` its 95 % interval; `p50` and `p99` are seconds
  /// from the reaper's report to the received end, null when no end was received; `missing` of the
  /// `wrong_exit` received no end in time.
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
  /// The name in the report.
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
