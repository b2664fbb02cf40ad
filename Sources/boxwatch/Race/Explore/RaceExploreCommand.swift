import ArgumentParser
import Console
import ExecEngine
import ExecModel
import Glibc
import RaceLab

/// `boxwatch race explore`: runs every schedule of a small system with every dispatcher.
struct RaceExploreCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explore",
    abstract: "Run every order of events with every dispatcher, and count what was lost.",
    discussion: """
      A schedule is one order of all events of a small system: chunks of two streams, their ends, the exit, clients that \
      wait. A dispatcher can break four promises in it:

      P1 order: output, one exit, then the waits.
      P2 whole: every chunk is read, or the end names the cut.
      P3 late: everyone who waits is answered once.
      P4 honest end: reported once everything has ended, not before.

      Ends with 1 when a dispatcher broke its promises, and with 130 after Ctrl-C, with what was run until then.
      """)

  @OptionGroup(title: "What there is to happen") var scenario: ScenarioOptions
  @OptionGroup var choice: DispatcherOptions

  @Option(help: ArgumentHelp("Run all of up to n schedules; of more, draw a sample.", valueName: "n"))
  var limit = 5_000_000

  @Option(help: ArgumentHelp("The seed of a sample.", valueName: "seed"))
  var seed: UInt64 = 1

  @Flag(help: "Write one JSON object a line for each dispatcher.")
  var json = false

  @Flag(help: "Draw with ASCII only; automatic where the locale is not UTF-8.")
  var ascii = false

  func validate() throws {
    guard limit >= 1 else { throw ValidationError("--limit \(limit): there must be at least 1 schedule to run") }
  }

  func run() throws {
    let limit = ExplorationLimit(whole: limit, samples: min(limit, 1_000_000), seed: seed)
    let exploration = Exploration(try scenario.scenario(), kinds: choice.kinds, limit: limit)
    let format: ExploreRun.Format = json ? .json : .text(isASCII: ascii || !LocaleCharacters.areUnicode)
    var run = try ExploreRun(exploration, format)
    throw ExitCode(try run.run())
  }
}

/// One exploration from its first line to its exit status.
struct ExploreRun {
  /// The output format.
  enum Format: Hashable {
    /// A table and diagrams.
    case text(isASCII: Bool)
    /// One object per dispatcher.
    case json
  }

  /// The number of schedules between two checks of signals and the clock: a few milliseconds, also
  /// in a debug build.
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

  /// Runs all schedules; returns the signal that stopped it, if any.
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
      Diagnostics.print("\(kind.name) broke its promises: \(broken.names)")
      status = 1
    }
    return status
  }
}
