/// The members of a JSON object, read by name; every error names the field.
///
/// Unknown members are ignored.
public struct JSONObject: Hashable, Sendable {
  private let members: [JSONMember]

  /// Parses a body, which must be an object; an empty body is an empty object.
  ///
  /// - Throws: ``JSONError`` for invalid JSON and for a value that is not an object.
  public init(body bytes: [UInt8]) throws(JSONError) {
    guard !bytes.isEmpty else {
      members = []
      return
    }
    guard case .object(let members) = try JSONValue(parsing: bytes) else {
      throw JSONError("the body must be a JSON object")
    }
    self.members = members
  }

  /// Creates an object from a value, which must be an object.
  ///
  /// - Throws: ``JSONError`` that names `field`.
  public init(_ value: JSONValue, field: String) throws(JSONError) {
    guard case .object(let members) = value else {
      throw JSONError("field '\(field)' must be an object, not \(value.kind)")
    }
    self.members = members
  }

  /// The member's value; nil when it is missing or `null`.
  private func value(_ name: String) -> JSONValue? {
    guard let value = members.last(where: { $0.name == name })?.value, value != .null else { return nil }
    return value
  }

  private func wrong(_ name: String, _ value: JSONValue, _ wanted: String) -> JSONError {
    JSONError("field '\(name)' must be \(wanted), not \(value.kind)")
  }

  /// A string; nil when it is missing or `null`.
  public func string(_ name: String) throws(JSONError) -> String? {
    guard let value = value(name) else { return nil }
    guard case .string(let text) = value else { throw wrong(name, value, "a string") }
    return text
  }

  /// A required string.
  public func requiredString(_ name: String) throws(JSONError) -> String {
    guard let text = try string(name) else { throw JSONError("field '\(name)' is missing") }
    return text
  }

  /// A boolean; nil when it is missing or `null`.
  public func bool(_ name: String) throws(JSONError) -> Bool? {
    guard let value = value(name) else { return nil }
    guard case .bool(let bool) = value else { throw wrong(name, value, "a boolean") }
    return bool
  }

  /// An integer; nil when it is missing or `null`.
  public func integer(_ name: String) throws(JSONError) -> Int64? {
    guard let value = value(name) else { return nil }
    guard case .integer(let number) = value else { throw wrong(name, value, "an integer") }
    return number
  }

  /// A required integer within a range.
  public func requiredInteger(_ name: String, in range: ClosedRange<Int64>) throws(JSONError) -> Int64 {
    guard let number = try integer(name) else { throw JSONError("field '\(name)' is missing") }
    guard range.contains(number) else {
      throw JSONError("field '\(name)' must be \(range.lowerBound) to \(range.upperBound), not \(number)")
    }
    return number
  }

  /// A required integer that fits a type.
  package func required<Integer: FixedWidthInteger>(
    _ name: String, as type: Integer.Type = Integer.self
  ) throws(JSONError) -> Integer {
    guard let number = try optional(name, as: type) else { throw JSONError("field '\(name)' is missing") }
    return number
  }

  /// An integer that fits a type; nil when it is missing or `null`.
  package func optional<Integer: FixedWidthInteger>(
    _ name: String, as type: Integer.Type = Integer.self
  ) throws(JSONError) -> Integer? {
    guard let value = value(name) else { return nil }
    guard let number = value.integer.flatMap(Integer.init(exactly:)) ?? value.unsigned.flatMap(Integer.init(exactly:))
    else { throw wrong(name, value, "an integer of \(Integer.min) to \(Integer.max)") }
    return number
  }

  /// A required boolean.
  package func requiredBool(_ name: String) throws(JSONError) -> Bool {
    guard let bool = try bool(name) else { throw JSONError("field '\(name)' is missing") }
    return bool
  }

  /// A number; nil when it is missing or `null`.
  public func number(_ name: String) throws(JSONError) -> Double? {
    guard let value = value(name) else { return nil }
    switch value {
    case .integer(let number): return Double(number)
    case .largeInteger(let number): return Double(number)
    case .number(let number): return number
    case .null, .bool, .string, .array, .object: throw wrong(name, value, "a number")
    }
  }

  /// An object; nil when it is missing or `null`.
  public func object(_ name: String) throws(JSONError) -> JSONObject? {
    guard let value = value(name) else { return nil }
    return try JSONObject(value, field: name)
  }

  /// A required object.
  package func requiredObject(_ name: String) throws(JSONError) -> JSONObject {
    guard let object = try object(name) else { throw JSONError("field '\(name)' is missing") }
    return object
  }

  /// The only member; used for a choice, `{"name":{…}}`.
  ///
  /// - Throws: ``JSONError`` that names `field` when there are none or several.
  package func choice(_ field: String) throws(JSONError) -> (name: String, members: JSONObject) {
    guard let member = members.first, members.count == 1 else {
      throw JSONError("field '\(field)' must have one member, not \(members.count)")
    }
    return (member.name, try JSONObject(member.value, field: "\(field).\(member.name)"))
  }

  /// An array; empty when it is missing or `null`.
  public func array(_ name: String) throws(JSONError) -> [JSONValue] {
    guard let value = value(name) else { return [] }
    guard case .array(let values) = value else { throw wrong(name, value, "an array") }
    return values
  }

  /// A required array.
  package func requiredArray(_ name: String) throws(JSONError) -> [JSONValue] {
    guard value(name) != nil else { throw JSONError("field '\(name)' is missing") }
    return try array(name)
  }

  /// A required array of strings.
  package func requiredStrings(_ name: String) throws(JSONError) -> [String] {
    guard value(name) != nil else { throw JSONError("field '\(name)' is missing") }
    return try strings(name)
  }

  /// An array of strings; empty when it is missing or `null`.
  public func strings(_ name: String) throws(JSONError) -> [String] {
    guard let value = value(name) else { return [] }
    guard case .array(let values) = value else { throw wrong(name, value, "an array of strings") }
    var texts: [String] = []
    for (index, value) in values.enumerated() {
      guard case .string(let text) = value else { throw wrong("\(name)[\(index)]", value, "a string") }
      texts.append(text)
    }
    return texts
  }

  /// An object whose members are strings, in order; of a repeated name the last one counts.
  public func textMap(_ name: String) throws(JSONError) -> [(name: String, value: String)] {
    guard let value = value(name) else { return [] }
    guard case .object(let members) = value else { throw wrong(name, value, "an object of strings") }
    let pairs = try members.map { member throws(JSONError) in
      guard case .string(let text) = member.value else {
        throw wrong("\(name).\(member.name)", member.value, "a string")
      }
      return (name: member.name, value: text)
    }
    // From the end, with a set: a body of 4 MiB may hold half a million names.
    var seen: Set<String> = []
    return pairs.reversed().filter { seen.insert($0.name).inserted }.reversed()
  }
}

extension [JSONValue] {
  package func objects(_ field: String) throws(JSONError) -> [JSONObject] {
    var objects: [JSONObject] = []
    for (index, value) in enumerated() { objects.append(try JSONObject(value, field: "\(field)[\(index)]")) }
    return objects
  }
}

extension [JSONObject] {
  package func mapEach<Reply>(_ make: (JSONObject) throws(JSONError) -> Reply) throws(JSONError) -> [Reply] {
    var replies: [Reply] = []
    for object in self { replies.append(try make(object)) }
    return replies
  }
}
