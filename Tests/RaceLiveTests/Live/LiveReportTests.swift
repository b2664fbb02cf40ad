import FoundationEssentials
import JSON
import RaceLab
import Testing

@testable import RaceLive

@Suite struct LiveReportTests {
  private func outcome(
    _ output: LiveOutcome.Output, latency: UInt64? = 1_000_000, wrong: Bool = false, broken: PromiseSet = []
  ) -> LiveOutcome {
    LiveOutcome(output: output, hasWrongExit: wrong, isMissing: latency == nil, latency: latency, broken: broken)
  }

  private func tally(_ kind: DispatcherKind, _ outcomes: [LiveOutcome]) -> LiveTally {
    outcomes.reduce(into: LiveTally(kind)) { $0.add($1) }
  }

  private var racy: LiveTally {
    tally(
      .exitFirst,
      Array(repeating: outcome(.empty, latency: 0, broken: .whole), count: 7) + [
        outcome(.truncated, latency: 0, broken: .whole), outcome(.whole, latency: 0),
        outcome(.whole, latency: nil, wrong: true),
      ])
  }

  private var safe: LiveTally {
    tally(.drainOrdered, (1...10).map { outcome(.whole, latency: $0 * 1_000_000) })
  }

  @Test func `the table has a row for each dispatcher, and the columns that are always there`() {
    let lines = LiveReport([racy, safe], nanoseconds: 2_000_000_000).lines(isASCII: false)
    #expect(
      lines == [
        "dispatcher     execs  whole  truncated  empty    loss          95 %  wrong exit      p50      p99",
        "exit-first        10      2          1      7  80.0 %  49.0 to 94.3           1     0 µs     0 µs",
        "drain-ordered     10     10          0      0   0.0 %   0.0 to 27.8           0  5.00 ms  10.0 ms", "",
        "whole: at the first end that was reported, exit or wait, the consumer had read all that the command wrote",
        "p50, p99: from the reaper's report of the exit to that end",
        "wrong exit: a status other than the reaper's, no status, or no end in time",
        "exit-first: 1 exec without an end in time", "20 execs in 2.0 s, 10 a second",
      ])
  }

  @Test func `rare columns come with what is in them`() {
    let lines = LiveReport(
      [tally(.untilEmpty, [outcome(.abandoned)]), tally(.drainOrdered, [outcome(.cut)])], nanoseconds: 0
    ).lines(isASCII: false)
    #expect(lines[0].contains("empty  cut  left early    loss") || lines[0].contains("empty  cut  left early   loss"))
    #expect(lines.contains { $0.hasPrefix("cut: ") } && lines.contains { $0.hasPrefix("left early: ") })
    #expect(lines.last == "2 execs in 0.0 s, - a second")
  }

  @Test func `a dispatcher that nothing was counted for has a row too`() {
    let lines = LiveReport([LiveTally(.exitGated)], nanoseconds: 1).lines(isASCII: true)
    #expect(lines[1].split(separator: " ").map(String.init).suffix(7) == ["-", "0.0", "to", "100.0", "0", "-", "-"])
  }

  @Test func `each dispatcher is one object with numbers`() throws {
    let lines = LiveReport([racy, LiveTally(.drainOrdered)], nanoseconds: 1).jsonLines
    #expect(
      String(decoding: lines[0].line, as: UTF8.self)
        == #"{"dispatcher":"exit-first","execs":10,"whole":2,"truncated":1,"empty":7,"cut":0,"abandoned":0,"loss":0.8,"#
        + #""interval":[0.4901624715366418,0.9433178485456247],"wrong_exit":1,"missing":1,"p50":0,"p99":0,"#
        + #""broken":["P2"],"promises":["P3"]}"# + "\n")
    #expect(
      String(decoding: lines[1].line, as: UTF8.self).contains(
        #""interval":[0,1.0],"wrong_exit":0,"missing":0,"p50":null,"#))
  }

  @Test func `only promises that were made can be broken`() {
    #expect(racy.brokenPromises == [])
    #expect(tally(.drainOrdered, [outcome(.empty, broken: [.whole, .order])]).brokenPromises == [.whole, .order])
  }

  @Test func `quantiles are nearest ranks`() {
    #expect(safe.quantiles([0, 0.5, 0.51, 0.99, 1]) == [1, 5, 6, 10, 10].map { $0 * 1_000_000 })
    #expect(LiveTally(.exitFirst).quantiles([0.5]) == [nil])
  }
}
