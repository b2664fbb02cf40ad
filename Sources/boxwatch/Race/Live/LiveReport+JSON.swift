import JSON
import RaceLab

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
