/// What the page asks of whoever runs the held command.
public enum HoldRequest: Hashable, Sendable {
  /// Start this command with all gates closed, in the place of the one before.
  case start([String])
  /// Close an open gate, open a closed one.
  case toggle(HeldGate)
  /// Open all gates.
  case releaseAll
  /// End the command with its process group.
  case end
}
