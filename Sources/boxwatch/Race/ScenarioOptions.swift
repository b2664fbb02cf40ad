import ArgumentParser
import ExecModel
import RaceLab

/// What there is to happen in the small system.
struct ScenarioOptions: ParsableArguments {
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

  func validate() throws { _ = try scenario() }

  /// The scenario that was asked for.
  ///
  /// - Throws: `ValidationError` for a number that is out of its bounds.
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
