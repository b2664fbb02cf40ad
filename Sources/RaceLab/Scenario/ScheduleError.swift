/// A schedule's text that cannot be read: where, and what was expected there.
public struct ScheduleError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The place of the first wrong character, counted from 1; one past the last when something is missing.
  public let column: Int
  /// What is wrong and what was expected, without the place.
  public let message: String

  /// Names a place and what is wrong there.
  public init(column: Int, message: String) {
    self.column = column
    self.message = message
  }

  /// One sentence: `column 6: unexpected 'O'; expected one of o e x`.
  public var description: String { "column \(column): \(message)" }
}
