package import ExecEngine
package import ExecModel

/// A started command whose streams can be held back by hand: what the race lab drives.
///
/// Holding stops the *reading*, not the reports: nothing is kept here, so that the pipe fills and the command blocks as it
/// would behind a pump that is not scheduled.
package protocol GatedProcess: BoxProcess {
  /// Stops reading a stream, its end included; a read that is under way is reported yet.
  func hold(_ stream: ExecStream)

  /// Reads a held stream on, and does what was asked for meanwhile.
  func letGo(_ stream: ExecStream)

  /// What the kernel holds of a stream; nil once its end was read or it was emptied.
  func level(_ stream: ExecStream) -> PipeLevel?

  /// What the command's processes are doing at this moment.
  func sight() -> ProcessSight
}
