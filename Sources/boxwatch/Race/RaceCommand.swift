import ArgumentParser
import ExecModel
import RaceLab

/// `boxwatch race`: demonstrates the race that the engine prevents, with dispatchers that lose
/// output and one that does not.
struct RaceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "race",
    abstract: "Lose the last line on purpose, see why, and see that it cannot happen here.",
    discussion: """
      boxwatch race                       on the screen, step by step; press t for a tour, ? for what it is
      boxwatch race --hold -- COMMAND     a real command, its reports held and released by hand
      boxwatch race replay STRING         a schedule that was written down: o1e1:xoOeE
      boxwatch race explore               every order of events, with every dispatcher
      boxwatch race live                  real processes, with every dispatcher
      """,
    subcommands: [RaceStepCommand.self, RaceReplayCommand.self, RaceExploreCommand.self, RaceLiveCommand.self],
    defaultSubcommand: RaceStepCommand.self)
}

/// The events of the scenario.
struct ScenarioOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Chunks that the process writes to stdout.", valueName: "n"))
  var stdout = 1

  @Option(help: ArgumentHelp("Chunks that it writes to stderr.", valueName: "n"))
  var stderr = 1

  @Option(help: ArgumentHelp("How many clients wait for the end.", valueName: "n"))
  var waiters = 0

  @Flag(help: "One more client waits, from after the exit.")
  var lateWaiter = false

  @Flag(help: "A grandchild holds stdout, writes a chunk and ends.")
  var grandchild = false

  @Flag(help: "A timer expires at some time after the exit.")
  var deadline = false

  @Flag(help: "The execution is closed by force.")
  var forceClose = false

  func validate() throws { _ = try scenario() }

  /// The requested scenario.
  ///
  /// - Throws: `ValidationError` for a number out of bounds.
  func scenario() throws -> Scenario {
    do {
      return try Scenario(
        stdout: stdout, stderr: stderr, waiters: waiters, lateWaiter: lateWaiter, grandchild: grandchild,
        deadline: deadline, forceClose: forceClose)
    } catch {
      throw ValidationError(error.description)
    }
  }
}

/// The dispatchers that take part.
struct DispatcherOptions: ParsableArguments {
  @Option(
    name: .customLong("dispatcher"),
    help: ArgumentHelp("Only this dispatcher; may be given several times (default: all).", valueName: "name"),
    transform: { try DispatcherKind(name: $0) })
  var chosen: [DispatcherKind] = []

  /// The requested dispatchers, each once and in the given order; all by default.
  var kinds: [DispatcherKind] {
    guard !chosen.isEmpty else { return DispatcherKind.allCases }
    return chosen.enumerated().filter { index, kind in !chosen[..<index].contains(kind) }.map(\.element)
  }
}
