/// A JSON value (RFC 8259), with an object's members in the order they were written.
///
/// An own value instead of `Decodable`: a body's error must name the field, and order matters for environments.
public enum JSONValue: Hashable, Sendable {
  /// `null`.
  case null
  /// `true` or `false`.
  case bool(Bool)
  /// A number that was written without fraction and exponent, and fits.
  case integer(Int64)
  /// Any other number.
  case number(Double)
  /// Text.
  case string(String)
  /// Values in order.
  case array([JSONValue])
  /// Members in order; of a name that comes twice the last one counts.
  case object([JSONMember])

  /// What the value is, as an error names it.
  var kind: String {
    switch self {
    case .null: "null"
    case .bool: "a boolean"
    case .integer: "an integer"
    case .number: "a number"
    case .string: "a string"
    case .array: "an array"
    case .object: "an object"
    }
  }
}
