/// A value that a person wrote and that cannot be read; the message says what is wrong and what to write instead.
public struct TextValueError: Error, Hashable, Sendable, CustomStringConvertible {
  /// One sentence for the person who wrote the value.
  public let description: String

  /// Makes an error from its one sentence.
  public init(_ description: String) { self.description = description }
}
