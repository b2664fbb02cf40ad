import ArgumentParser
import ExecModel
import RaceLab

/// `boxwatch race explore`: every schedule of a small system, with every dispatcher.
struct RaceExploreCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explore",
    abstract: "Run every order of events with every dispatcher, and count what was lost.",
    discussion: """
      A schedule is one order of all events of a small system: chunks of two streams, their ends, the exit, those who \
      wait. A dispatcher can break four promises in it:

      P1 order: output, one exit, then the waits.
      P2 whole: every chunk is read, or the end names the cut.
      P3 late: everyone who waits is answered once.
      P4 honest end: told once it is one, and not before.

      Ends with 1 when a dispatcher broke what it promises, and with 130 after Ctrl-C, with what was run until then.
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
