import ArgumentParser
import Console
import ExecModel
import RaceLab
import RaceLive

/// `boxwatch race live`: runs real processes with different dispatchers.
struct RaceLiveCommand: ParsableCommand {
  /// The bounds of the counts.
  private enum Bound {
    static let count = 1...1_000_000
    static let jobs = 1...256
  }

  static let configuration = CommandConfiguration(
    commandName: "live",
    abstract: "Run real commands with every dispatcher, and count what was lost.",
    discussion: """
      Real processes, the same pumps and the same journal; only the part that decides the end differs. The dispatchers \
      take turns (A B C A B C), so that all meet the same load. A consumer reads until the first end that is \
      reported, exit or wait; an exec is lost when the command had written more.

      boxwatch race live --pump-delay 2ms
          the loss of the original report, and its cure
      boxwatch race live -- head -c 10000000 /dev/zero
          no delay at all, and more than a pipe holds
      boxwatch race live --dispatcher drain-ordered --count 10000
          a check for CI

      With no delay between pumps and dispatcher a racy one may lose little: a short line is often read before the \
      exit is seen.

      Ends with 1 when a dispatcher broke its promises, and with 130 after Ctrl-C, with what was run until then.
      """)

  @Option(help: ArgumentHelp("Execs of each dispatcher.", valueName: "n"))
  var count = 200

  @Option(help: ArgumentHelp("How many run at the same time.", valueName: "n"))
  var jobs = 1

  @OptionGroup var choice: DispatcherOptions

  @Option(
    help: ArgumentHelp(
      "How long output takes from the pump to the dispatcher: none (default), 2ms or 0-5ms.", valueName: "time"),
    transform: { try PumpDelay(text: $0) })
  var pumpDelay = PumpDelay.none

  @Flag(help: "Keep every core busy meanwhile.")
  var load = false

  @Option(
    help: ArgumentHelp(
      "When drain-ordered gives up a held stream: eof, empty or idle=2s,max=10s.", valueName: "policy"),
    transform: { try DrainPolicy(text: $0) })
  var drain = DrainPolicy.untilEndOfStream

  @Option(
    help: ArgumentHelp("How long fixed-timer waits after the exit (default: 10ms).", valueName: "time"),
    transform: { try Duration(boxwatchText: $0) })
  var timer = Duration.milliseconds(10)

  @Option(
    help: ArgumentHelp("When an exec without a reported end is killed (default: 10s).", valueName: "time"),
    transform: { try Duration(boxwatchText: $0) })
  var limit = Duration.seconds(10)

  @Option(help: ArgumentHelp("The seed of random delays.", valueName: "seed"))
  var seed: UInt64 = 1

  @Flag(help: "Write one JSON object a line for each dispatcher.")
  var json = false

  @Argument(
    parsing: .postTerminator,
    help: ArgumentHelp("The command, after -- (default: sh -c 'echo first-output && exit 0').", valueName: "command"))
  var command: [String] = []

  func validate() throws {
    guard Bound.count.contains(count) else {
      throw ValidationError("--count \(count): there can be 1 to \(NumberWords.grouped(Bound.count.upperBound)) execs")
    }
    guard Bound.jobs.contains(jobs) else {
      throw ValidationError("--jobs \(jobs): 1 to \(Bound.jobs.upperBound) can run at the same time")
    }
    guard limit > .zero else { throw ValidationError("--limit 0s would kill every exec at once") }
    guard timer <= limit else {
      throw ValidationError(
        "--timer \(timer.boxwatchText) is longer than an exec lives (--limit \(limit.boxwatchText))")
    }
  }

  func run() throws {
    let plan = LivePlan(
      command: command.isEmpty ? LivePlan.reportedCommand : command, kinds: choice.kinds, count: count, jobs: jobs,
      delay: pumpDelay, drain: drain, timer: timer, limit: limit, seed: seed, isLoaded: load)
    var run = try LiveRun(plan, in: try Directories.state(), isJSON: json)
    throw ExitCode(try run.run())
  }
}
