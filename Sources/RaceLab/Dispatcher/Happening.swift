public import ExecModel

/// Something that happened to an execution, as a dispatcher is told of it.
///
/// The explorer makes happenings from a schedule; a live run makes them from real pumps, a real reaper and real timers.
public enum Happening: Hashable, Sendable {
  /// A pump brings a chunk; the stream's chunks are numbered from 0, without gaps.
  case output(ExecStream, chunk: Int)
  /// A pump read its stream's end.
  case endOfStream(ExecStream)
  /// A stream that the dispatcher asked to be emptied holds nothing more now, and is closed without having ended.
  case emptied(ExecStream)
  /// The reaper saw the process end.
  case exited(ExitStatus)
  /// Someone asks to be told the end; waiters are numbered from 0 to ``WaiterSet/capacity`` − 1.
  case waits(waiter: Int)
  /// The timer that the dispatcher had started is up.
  case deadline
  /// Someone closes the execution by force: the process is killed, and its exit will be reported.
  case forceClosed
}
