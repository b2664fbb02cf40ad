/// One entry of an execution's record, in the order in which subscribers read them: `started`, then output and notices
/// as they arrive, one `exit`, and one `wait` for each waiter.
public enum ExecutionEvent: Hashable, Sendable {
  /// The command started; the process ID on the host, if the box has one.
  case started(processIdentifier: Int32?)
  /// Bytes of a stream arrived: their range in the stream, the stream's newline count up to the end of the range, and
  /// whether the last byte is a newline (nil in records of versions that did not note it).
  case output(ExecStream, range: Range<UInt64>, lines: UInt64, endsLine: Bool? = nil)
  /// End of stream was read.
  case endOfStream(ExecStream)
  /// The process was reaped; the execution is now draining. This is not the terminal event.
  case exited(ExitStatus)
  /// The time limit elapsed, and the process group was sent TERM.
  case timeLimitElapsed
  /// The execution was force-closed.
  case forceClosed
  /// The drain policy's time elapsed.
  case drainDeadlineElapsed
  /// A stream was closed before its end; the cause is nil in records whose writer did not note it.
  case streamEmptied(ExecStream, StreamCut? = nil)
  /// The connection to the box was lost; no further reports follow.
  case connectionLost
  /// boxwatch detached from the command, which is still running.
  case detached
  /// The command could not be started.
  case startFailed(StartFailure)
  /// Bytes are missing, or may be missing, at this offset of the stream.
  case gap(ExecStream, at: UInt64, OutputGap)
  /// The stream's bytes below this offset were evicted to stay within the journal's limit.
  case evicted(ExecStream, upTo: UInt64)
  /// The journal cannot be written (error number; 0 when a subscriber must catch up first); the command waits.
  case stalled(ExecStream, errno: Int32)
  /// The journal is written again.
  case resumed(ExecStream)
  /// The record on disk is given up; later events are kept only in the memory of the writing process.
  case recordLost(RecordLoss)
  /// The terminal event; no output follows it.
  case exit(Conclusion)
  /// One registered waiter was answered.
  case wait(waiter: UInt64)
}

/// An event with its position in the record.
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
