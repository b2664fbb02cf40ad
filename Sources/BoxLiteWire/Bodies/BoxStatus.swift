/// What a box does, by the protocol's word.
public enum BoxStatus: String, Hashable, Sendable, CaseIterable {
  /// Created, not started.
  case configured
  /// Commands can run.
  case running
  /// Stopping.
  case stopping
  /// Stopped.
  case stopped
  /// Stopped for a while, with all that runs in it.
  case paused
  /// It cannot run.
  case failed
  /// None of these, or the server does not know.
  case unknown
}
