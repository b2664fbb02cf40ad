import BoxLiteWire

// Engines send far more than is read of it: a member is looked up, and is nil when it is missing or something else.
extension JSONValue {
  /// A member of an object.
  subscript(name: String) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    return members.last { $0.name == name }?.value
  }

  var string: String? { if case .string(let text) = self { text } else { nil } }
  var bool: Bool? { if case .bool(let value) = self { value } else { nil } }
  var integer: Int64? { if case .integer(let number) = self { number } else { nil } }
  var array: [JSONValue] { if case .array(let values) = self { values } else { [] } }

  /// An object of these members, the nil ones left out.
  static func object(_ members: KeyValuePairs<String, JSONValue?>) -> JSONValue {
    .object(members.compactMap { member in member.value.map { JSONMember(member.key, $0) } })
  }
}
