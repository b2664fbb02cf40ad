/// What a boxwatch that listens at a private socket is.
public enum InstanceKind: String, Hashable, Sendable, CaseIterable {
  /// One with a screen.
  case monitor
  /// `run --headless`.
  case run
  /// `serve`.
  case serve
  /// One that was left running in the background.
  case detached
}
