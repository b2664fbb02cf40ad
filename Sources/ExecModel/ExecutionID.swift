/// The identifier of an execution and the name of its journal's folder, unique within one state directory.
///
/// The text sorts by start time: `20261124-055827-412345-k3f9x-1`.
public struct ExecutionID: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// The text: letters, digits and hyphens only.
  public let description: String

  /// Accepts a text that is safe as a file name, and returns nil otherwise: 1 to 64 letters, digits or hyphens, not
  /// starting with a hyphen.
  public init?(_ text: String) {
    let allowed = text.utf8.allSatisfy {
      (48...57).contains($0) || (97...122).contains($0) || (65...90).contains($0) || $0 == 45
    }
    guard allowed, (1...64).contains(text.utf8.count), text.utf8.first != 45 else { return nil }
    description = text
  }

  /// Takes a text that the caller has built from letters, digits and hyphens only.
  package init(checked text: String) { description = text }

  /// Orders by text, which is by start time for identifiers that the engine made.
  public static func < (left: ExecutionID, right: ExecutionID) -> Bool { left.description < right.description }
}
