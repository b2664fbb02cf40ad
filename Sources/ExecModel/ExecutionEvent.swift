/// One entry of an execution's record, as every subscriber reads them, in this order:
/// `started`, then output and notices as they arrive, one `exit`, and one `wait` for each waiter.
public enum ExecutionEvent: Hashable, Sendable {
  /// The command runs; the process's number on the host, when the box has one.
  case started(processIdentifier: Int32?)
  /// Bytes of a stream arrived: their offsets in the stream, and how many newlines the stream has up to their end.
  case output(ExecStream, range: Range<UInt64>, lines: UInt64)
  /// A stream's end was read.
  case endOfStream(ExecStream)
  /// The reaper saw the process end; the execution is draining now. Not the end.
  case exited(ExitStatus)
  /// The time limit was up, and the process was asked to end.
  case timeLimitElapsed
  /// Someone asked for the execution to be closed by force.
  case forceClosed
  /// The drain policy's time was up.
  case drainDeadlineElapsed
  /// A stream was closed before its end; nil for a record whose writer did not say why.
  case streamEmptied(ExecStream, StreamCut? = nil)
  /// The box cannot tell anything more.
  case connectionLost
  /// boxwatch let go of the command, which goes on.
  case detached
  /// The command could not be started.
  case startFailed(StartFailure)
  /// Bytes are missing at this offset of the stream, or may be, and why.
  case gap(ExecStream, at: UInt64, OutputGap)
  /// The stream's bytes below this offset were evicted to keep within the journal's limit.
  case evicted(ExecStream, upTo: UInt64)
  /// The journal cannot be written (by error number, 0 for a waiting subscriber); the command waits.
  case stalled(ExecStream, errno: Int32)
  /// The journal can be written again.
  case resumed(ExecStream)
  /// The disk takes no more of the record: what follows is only in the memory of the process that writes it.
  case recordLost(RecordLoss)
  /// The terminal event: no output comes after it.
  case exit(Conclusion)
  /// One registered waiter was answered.
  case wait(waiter: UInt64)
}

/// An event with its place in the record.
public struct RecordedEvent: Hashable, Sendable {
  /// The event's number in its execution, from 0, without gaps.
  public var sequence: UInt64
  /// Nanoseconds since the execution was created, on the monotonic clock.
  public var time: UInt64
  /// What happened.
  public var event: ExecutionEvent

  /// Makes a recorded event.
  public init(sequence: UInt64, time: UInt64, event: ExecutionEvent) {
    self.sequence = sequence
    self.time = time
    self.event = event
  }
}
