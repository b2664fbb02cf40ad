public import ExecModel

/// Where a box reports what happens to one command.
///
/// Calls are synchronous: when one returns, its effect is recorded.
///
/// Reports of one stream come from one thread at a time, in order. None of them may announce the end: that is the
/// engine's.
public protocol ExecutionSink: AnyObject, Sendable {
  /// The command runs; the process's number on the host, when there is one. Comes before every other report.
  func started(processIdentifier: Int32?)

  /// Bytes of a stream arrived. Returns how many were taken.
  ///
  /// When fewer than all were taken, the box keeps the rest, stops reading that stream (the command then blocks), and
  /// offers the rest again after ``BoxProcess/resumeReading(_:)``.
  func output(_ stream: ExecStream, _ bytes: borrowing RawSpan) -> Int

  /// Bytes are missing before the stream's next byte, or may be; none that come later are affected.
  func gap(_ stream: ExecStream, _ gap: OutputGap)

  /// The stream's end was read.
  func endOfStream(_ stream: ExecStream)

  /// The stream was emptied and closed before its end.
  func emptied(_ stream: ExecStream)

  /// The stream cannot be read any more, by error number (read(2)); the command goes on.
  func failed(_ stream: ExecStream, errno: Int32)

  /// The process ended: `.exited`, `.signalled`, or `.unknown` when its status cannot be had.
  func exited(_ status: ExitStatus)

  /// The box cannot tell anything more about this command.
  func connectionLost()
}
