/// One variable of an execution's environment.
public struct EnvironmentVariable: Hashable, Sendable, Codable {
  /// The name: not empty, without `=` and NUL.
  public var name: String
  /// The value: without NUL.
  public var value: String

  /// Makes a variable from parts that were checked already.
  public init(name: String, value: String) {
    self.name = name
    self.value = value
  }

  /// Reads `NAME=VALUE`.
  ///
  /// - Throws: ``TextValueError`` for a missing `=`, an empty name or a NUL.
  public init(text: String) throws(TextValueError) {
    // By bytes: an equals sign that a combining mark follows is no character of its own.
    guard let equals = text.utf8.firstIndex(of: UInt8(ascii: "=")), equals != text.startIndex else {
      throw TextValueError("'\(text)' is no variable: write NAME=VALUE")
    }
    guard !text.utf8.contains(0) else { throw TextValueError("a variable cannot hold a NUL byte") }
    self.init(
      name: String(text[..<equals]), value: String(text[text.utf8.index(after: equals)...]))
  }
}
