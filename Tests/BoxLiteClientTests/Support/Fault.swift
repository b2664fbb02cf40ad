/// What the test's server does wrong with one attach.
enum Fault: Sendable {
  /// How a connection is cut.
  enum Cut: CaseIterable, Sendable { case reset, fin, close }

  /// Nothing.
  case none
  /// It answers the upgrade with this status instead.
  case refuse(Int)
  /// It cuts after so many bytes of output, or instead of the exit frame when there are fewer.
  case cut(after: Int, Cut)
  /// It sends the exit frame first, and the output behind it.
  case exitFirst
  /// It says nothing more after so many bytes, and keeps the connection.
  case mute(after: Int)
  /// It sends a frame that is larger than any may be.
  case hugeFrame
  /// It masks its frames.
  case masked
  /// It sends frames that mean nothing, between those that do.
  case noise
}
