/// A box that the start prompt offers, and what it can do.
public struct BoxChoice: Hashable, Sendable {
  /// Its name.
  public var name: String
  /// Whether commands can have a terminal there.
  public var hasTerminal: Bool
  /// Whether commands can read what is written to them.
  public var hasInput: Bool
  /// Whether signals reach the command.
  public var hasSignals: Bool
  /// Whether the holders of a stream can be named.
  public var hasHolders: Bool

  /// Makes a choice; everything is possible unless said otherwise.
  public init(
    name: String, hasTerminal: Bool = true, hasInput: Bool = true, hasSignals: Bool = true, hasHolders: Bool = true
  ) {
    self.name = name
    self.hasTerminal = hasTerminal
    self.hasInput = hasInput
    self.hasSignals = hasSignals
    self.hasHolders = hasHolders
  }
}
