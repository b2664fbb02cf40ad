import ExecModel
import RaceLab

/// What a live race is to do.
struct LivePlan: Hashable, Sendable {
  /// The command that is run every time, as in the original report.
  static let reportedCommand = ["sh", "-c", "echo first-output && exit 0"]

  /// The command and its arguments.
  var command = reportedCommand
  /// The dispatchers, in the order in which they take turns.
  var kinds = DispatcherKind.allCases
  /// Executions of each dispatcher.
  var count = 200
  /// How many run at the same time.
  var jobs = 1
  /// The hop between the pumps and the dispatcher.
  var delay = PumpDelay.none
  /// The drain policy of `drain-ordered`.
  var drain = DrainPolicy.untilEndOfStream
  /// How long `fixed-timer` waits.
  var timer = Duration.milliseconds(10)
  /// How long after its start an execution must have been told its end; then it is killed, and its end counts as missing.
  var limit = Duration.seconds(10)
  /// The seed of random delays.
  var seed: UInt64 = 1
  /// Whether every core is kept busy meanwhile.
  var isLoaded = false

  /// Executions in all.
  var total: Int { count &* kinds.count }

  /// Whose turn the execution with this number is, one after the other.
  func kind(at index: Int) -> DispatcherKind { kinds[index % kinds.count] }

  /// What is run each time.
  var spec: ExecutionSpec { ExecutionSpec(command: command, drain: drain, keep: .all) }
}
