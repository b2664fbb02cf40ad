/// What a box does, by the protocol's word.
public enum BoxStatus: String, Hashable, Sendable, CaseIterable {
  /// Created, not started.
  case configured
  /// Commands can run.
  case running
  /// Stopped.
  case stopped
}
