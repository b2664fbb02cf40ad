import ArgumentParser
import ExecModel
import RaceLab

/// `boxwatch race explore`: every schedule of a small system, with every dispatcher.
struct RaceExploreCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explore",
    abstract: "Run every order of events with every dispatcher, and count what was lost.",
    discussion: """
      A schedule is one order of all events of a small system: chunks of two streams, their ends, the exit, those who wait.
      P1 order: output, one exit, then the waits. P2 whole: every chunk is read, or the end names the cut. P3 late: everyone
      who waits is answered once. P4 honest end: told once it is one, and not before.

      Ends with 1 when a dispatcher broke what it promises, and with 130 after Ctrl-C, with what was run until then.
      """)

  @Option(help: ArgumentHelp("Chunks that the process writes to stdout.", valueName: "n"))
  var stdout = 1

  @Option(help: ArgumentHelp("Chunks that it writes to stderr.", valueName: "n"))
  var stderr = 1

  @Option(help: ArgumentHelp("How many wait for the end.", valueName: "n"))
  var waiters = 0

  @Flag(help: "One more comes to wait after the exit.")
  var lateWaiter = false

  @Flag(help: "A grandchild holds stdout, writes a chunk and ends.")
  var grandchild = false

  @Flag(help: "A timer is up at some time after the exit.")
  var deadline = false

  @Flag(help: "Somebody closes the execution by force.")
  var forceClose = false

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
    _ = try scenario()
    guard limit >= 1 else { throw ValidationError("--limit \(limit): there must be at least 1 schedule to run") }
  }

  private func scenario() throws -> Scenario {
    do {
      return try Scenario(
        stdout: stdout, stderr: stderr, waiters: waiters, lateWaiter: lateWaiter, grandchild: grandchild,
        deadline: deadline, forceClose: forceClose)
    } catch {
      throw ValidationError(error.description)
    }
  }

  func run() throws {
    let limit = ExplorationLimit(whole: limit, samples: min(limit, 1_000_000), seed: seed)
    let exploration = Exploration(try scenario(), kinds: choice.kinds, limit: limit)
    let format: ExploreRun.Format = json ? .json : .text(isASCII: ascii || !LocaleCharacters.areUnicode)
    var run = try ExploreRun(exploration, format)
    throw ExitCode(try run.run())
  }
}
