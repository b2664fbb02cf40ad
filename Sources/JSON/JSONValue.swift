/// A JSON value (RFC 8259), with an object's members in their written order.
///
/// Used instead of Foundation's coders: an error must name the field, and order matters for environments.
public enum JSONValue: Hashable, Sendable {
  /// `null`.
  case null
  /// `true` or `false`.
  case bool(Bool)
  /// A number without fraction and exponent that fits.
  case integer(Int64)
  /// Such a number above `Int64.max`; ``unsigned(_:)`` makes the right case of the two.
  case largeInteger(UInt64)
  /// Any other number.
  case number(Double)
  /// A string.
  case string(String)
  /// An array.
  case array([JSONValue])
  /// Members in order; of a repeated name the last one counts.
  case object([JSONMember])

  /// The value's type, as an error names it.
  var kind: String {
    switch self {
    case .null: "null"
    case .bool: "a boolean"
    case .integer: "an integer"
    case .largeInteger: "an integer of more than 63 bits"
    case .number: "a number"
    case .string: "a string"
    case .array: "an array"
    case .object: "an object"
    }
  }
}

/// One member of a JSON object.
public struct JSONMember: Hashable, Sendable {
  /// The name.
  public var name: String
  /// The value.
  public var value: JSONValue

  /// Creates a member.
  public init(_ name: String, _ value: JSONValue) {
    self.name = name
    self.value = value
  }
}

// For large replies of which little is read: a member is looked up, and is nil when it is missing
// or of another type.
extension JSONValue {
  /// A member of an object; of a repeated name the last one counts.
  package subscript(name: String) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    return members.last { $0.name == name }?.value
  }

  /// The value of a string.
  package var string: String? { if case .string(let text) = self { text } else { nil } }
  /// The value of a boolean.
  package var bool: Bool? { if case .bool(let value) = self { value } else { nil } }
  /// The value of an integer.
  package var integer: Int64? { if case .integer(let number) = self { number } else { nil } }
  /// The value of an integer that is not negative.
  package var unsigned: UInt64? {
    switch self {
    case .integer(let number): UInt64(exactly: number)
    case .largeInteger(let number): number
    case .null, .bool, .number, .string, .array, .object: nil
    }
  }
  /// The elements of an array; empty for any other value.
  package var array: [JSONValue] { if case .array(let values) = self { values } else { [] } }

  /// An integer that is not negative.
  package static func unsigned(_ number: UInt64) -> JSONValue {
    Int64(exactly: number).map(JSONValue.integer) ?? .largeInteger(number)
  }

  /// An object of these members; nil ones are left out.
  package static func object(_ members: KeyValuePairs<String, JSONValue?>) -> JSONValue {
    .object(members.compactMap { member in member.value.map { JSONMember(member.key, $0) } })
  }
}

// MARK: - Text

extension JSONValue {
  /// Parses one JSON text.
  ///
  /// - Throws: ``JSONError`` that names the byte at which it is invalid, or that it nests deeper
  ///   than 64.
  public init(parsing bytes: [UInt8]) throws(JSONError) {
    var parser = JSONParser(bytes)
    self = try parser.parse()
  }

  /// The value as compact JSON; a number that is not finite becomes `null`.
  public var text: String {
    var bytes: [UInt8] = []
    write(into: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  private func write(into bytes: inout [UInt8]) {
    switch self {
    case .null: bytes += Array("null".utf8)
    case .bool(let value): bytes += Array((value ? "true" : "false").utf8)
    case .integer(let value): bytes += Array(String(value).utf8)
    case .largeInteger(let value): bytes += Array(String(value).utf8)
    case .number(let value): bytes += Array((value.isFinite ? "\(value)" : "null").utf8)
    case .string(let value): JSONText.quote(value, into: &bytes)
    case .array(let values): Self.write(values, "[", "]", into: &bytes) { $0.write(into: &$1) }
    case .object(let members):
      Self.write(members, "{", "}", into: &bytes) { member, bytes in
        JSONText.quote(member.name, into: &bytes)
        bytes.append(UInt8(ascii: ":"))
        member.value.write(into: &bytes)
      }
    }
  }

  private static func write<Element>(
    _ elements: [Element], _ open: Unicode.Scalar, _ close: Unicode.Scalar, into bytes: inout [UInt8],
    _ body: (Element, inout [UInt8]) -> Void
  ) {
    bytes.append(UInt8(ascii: open))
    for (index, element) in elements.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      body(element, &bytes)
    }
    bytes.append(UInt8(ascii: close))
  }
}

/// Why bytes are not the expected JSON; the text is for the peer and names the field.
public struct JSONError: Error, Hashable, Sendable, CustomStringConvertible {
  /// One line that names what is wrong.
  public let description: String

  /// Creates an error from its line.
  public init(_ description: String) { self.description = description }
}
