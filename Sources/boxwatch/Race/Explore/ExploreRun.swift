import ExecEngine
import ExecModel
import Glibc
import RaceLab

/// One exploration from its first line to its exit status.
struct ExploreRun {
  /// What is written.
  enum Format: Hashable {
    /// A table and diagrams.
    case text(isASCII: Bool)
    /// One object for each dispatcher.
    case json
  }

  /// Schedules between two looks at the signals and the clock: a few milliseconds, also in a debug build.
  private static let slice = 500

  private var exploration: Exploration
  private let format: Format
  private let signals: SignalQueue
  private let output = TextOutput()
  private var bar = ProgressBar()

  init(_ exploration: Exploration, _ format: Format) throws {
    signal(SIGPIPE, SIG_IGN)
    self.exploration = exploration
    self.format = format
    signals = try SignalQueue()
  }

  /// Runs it and returns the exit status.
  mutating func run() throws -> Int32 {
    let report = ExploreReport(exploration)
    try announce(report.sizeLines)
    let signal = explore()
    bar.clear()
    try write(ExploreReport(exploration))
    if let signal { return stopped(by: signal) }
    return verdict()
  }

  private func announce(_ lines: [String]) throws {
    switch format {
    case .text: try output.write(lines + [""])
    case .json: for line in lines { Diagnostics.print(line) }
    }
  }

  /// Runs all schedules; returns the signal that stopped it, if one did.
  private mutating func explore() -> Signal? {
    while exploration.advance(by: Self.slice) {
      if let signal = signals.next() { return signal }
      let (covered, total) = (exploration.covered, exploration.total)
      bar.show(
        covered, of: total,
        "\(exploration.running?.name ?? ""), \(NumberWords.grouped(covered)) of \(NumberWords.grouped(total)) schedules"
      )
    }
    return nil
  }

  private func write(_ report: ExploreReport) throws {
    switch format {
    case .text(let isASCII):
      try output.write(report.lines(isASCII: isASCII, width: Terminal.columns(of: STDOUT_FILENO)))
    case .json: for line in report.jsonLines { try output.write(line) }
    }
  }

  private func stopped(by signal: Signal) -> Int32 {
    let (covered, total) = (NumberWords.grouped(exploration.covered), NumberWords.grouped(exploration.total))
    Diagnostics.print("stopped by \(signal.name): \(covered) of \(total) schedules were run")
    return 128 + signal.number
  }

  private func verdict() -> Int32 {
    var status: Int32 = 0
    for (kind, result) in zip(exploration.kinds, exploration.results) {
      let broken = result.broken.intersection(kind.promises)
      guard !broken.isEmpty else { continue }
      Diagnostics.print("\(kind.name) broke what it promises: \(broken.names)")
      status = 1
    }
    return status
  }
}
