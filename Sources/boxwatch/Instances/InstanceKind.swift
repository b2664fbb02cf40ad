/// What a boxwatch is, as others are told.
enum InstanceKind: String, CaseIterable, Hashable, Sendable {
  /// It shows a screen.
  case monitor
  /// It runs commands without one.
  case run
  /// It serves clients.
  case serve
  /// It holds commands in the background.
  case detached
}
