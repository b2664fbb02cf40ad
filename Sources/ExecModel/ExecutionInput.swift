/// Something that happened to an execution, reported by its box or by a timer.
public enum ExecutionInput: Hashable, Sendable {
  /// The command runs.
  case spawned
  /// The command could not be started.
  case spawnFailed(StartFailure)
  /// A chunk of a stream arrived.
  case output(ExecStream)
  /// A stream's end was read.
  case endOfStream(ExecStream)
  /// The process ended: `.exited` or `.signalled`, as the reaper saw it, or `.unknown` when it could not look.
  case exited(ExitStatus)
  /// The time limit is up while the process runs.
  case timeLimitElapsed
  /// The drain policy's time is up.
  case drainDeadlineElapsed
  /// A stream that was asked to be emptied holds nothing more now, and is closed without having ended.
  case streamEmptied(ExecStream)
  /// A stream cannot be read any more, though its end was not reached; the process goes on.
  case streamFailed(ExecStream)
  /// The box cannot tell anything more.
  case connectionLost
  /// The command is let go of, and goes on.
  case detached
  /// A person or program closes the execution by force; while draining this releases the held streams.
  case forceClosed
}
