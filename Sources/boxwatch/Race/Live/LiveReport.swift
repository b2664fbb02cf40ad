import RaceLab

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
