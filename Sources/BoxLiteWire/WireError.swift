/// Why bytes of a peer are not what they should be; the text is for the peer and names the field.
public struct WireError: Error, Hashable, Sendable, CustomStringConvertible {
  /// One line that names what is wrong.
  public let description: String

  /// Makes an error from its one line.
  public init(_ description: String) { self.description = description }
}
