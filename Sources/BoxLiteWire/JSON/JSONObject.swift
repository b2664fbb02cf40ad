/// The members of a JSON object, read by name; every error names the field.
///
/// Unknown members are ignored.
public struct JSONObject: Hashable, Sendable {
  private let members: [JSONMember]

  /// Takes a body's bytes, which must hold an object; no bytes at all are an empty object.
  ///
  /// - Throws: ``WireError`` for text that is no JSON and for a value that is no object.
  public init(body bytes: [UInt8]) throws(WireError) {
    guard !bytes.isEmpty else {
      members = []
      return
    }
    guard case .object(let members) = try JSONValue(parsing: bytes) else {
      throw WireError("the body must be a JSON object")
    }
    self.members = members
  }

  /// Takes a value, which must be an object.
  ///
  /// - Throws: ``WireError`` that names `field`.
  public init(_ value: JSONValue, field: String) throws(WireError) {
    guard case .object(let members) = value else {
      throw WireError("field '\(field)' must be an object, not \(value.kind)")
    }
    self.members = members
  }

  /// The member's value; nil when it is missing or `null`.
  private func value(_ name: String) -> JSONValue? {
    guard let value = members.last(where: { $0.name == name })?.value, value != .null else { return nil }
    return value
  }

  private func wrong(_ name: String, _ value: JSONValue, _ wanted: String) -> WireError {
    WireError("field '\(name)' must be \(wanted), not \(value.kind)")
  }

  /// Text; nil when it is missing or `null`.
  public func string(_ name: String) throws(WireError) -> String? {
    guard let value = value(name) else { return nil }
    guard case .string(let text) = value else { throw wrong(name, value, "a string") }
    return text
  }

  /// Text that becomes a word of a command, and so holds no NUL; nil when it is missing or `null`.
  public func word(_ name: String) throws(WireError) -> String? {
    let text = try string(name)
    try Self.check(text ?? "", name)
    return text
  }

  /// A user's name, `NAME|UID[:GROUP|GID]`; nil when it is missing, `null` or blank.
  public func user(_ name: String) throws(WireError) -> String? {
    try word(name).flatMap { $0.allSatisfy(\.isWhitespace) ? nil : $0 }
  }

  /// Text that becomes words of a command.
  public func words(_ name: String) throws(WireError) -> [String] {
    let words = try strings(name)
    for (index, word) in words.enumerated() { try Self.check(word, "\(name)[\(index)]") }
    return words
  }

  /// Variables in order, each with a name that one can have; of a name that comes twice the last one counts.
  public func variables(_ name: String) throws(WireError) -> [(name: String, value: String)] {
    let variables = try textMap(name)
    for variable in variables {
      guard !variable.name.isEmpty, !variable.name.utf8.contains(where: { $0 == 0 || $0 == UInt8(ascii: "=") }) else {
        throw WireError("field '\(name)': '\(variable.name.prefix(200))' is no variable's name")
      }
      try Self.check(variable.value, "\(name).\(variable.name)")
    }
    return variables
  }

  private static func check(_ word: String, _ name: String) throws(WireError) {
    guard !word.utf8.contains(0) else { throw WireError("field '\(name)' must not hold a NUL byte") }
  }

  /// Text that must be there.
  public func requiredString(_ name: String) throws(WireError) -> String {
    guard let text = try string(name) else { throw WireError("field '\(name)' is missing") }
    return text
  }

  /// A boolean; nil when it is missing or `null`.
  public func bool(_ name: String) throws(WireError) -> Bool? {
    guard let value = value(name) else { return nil }
    guard case .bool(let bool) = value else { throw wrong(name, value, "a boolean") }
    return bool
  }

  /// A whole number; nil when it is missing or `null`.
  public func integer(_ name: String) throws(WireError) -> Int64? {
    guard let value = value(name) else { return nil }
    guard case .integer(let number) = value else { throw wrong(name, value, "an integer") }
    return number
  }

  /// A whole number within a range that must be there.
  public func requiredInteger(_ name: String, in range: ClosedRange<Int64>) throws(WireError) -> Int64 {
    guard let number = try integer(name) else { throw WireError("field '\(name)' is missing") }
    guard range.contains(number) else {
      throw WireError("field '\(name)' must be \(range.lowerBound) to \(range.upperBound), not \(number)")
    }
    return number
  }

  /// A number; nil when it is missing or `null`.
  public func number(_ name: String) throws(WireError) -> Double? {
    guard let value = value(name) else { return nil }
    switch value {
    case .integer(let number): return Double(number)
    case .number(let number): return number
    case .null, .bool, .string, .array, .object: throw wrong(name, value, "a number")
    }
  }

  /// An object; nil when it is missing or `null`.
  public func object(_ name: String) throws(WireError) -> JSONObject? {
    guard let value = value(name) else { return nil }
    return try JSONObject(value, field: name)
  }

  /// An array; empty when it is missing or `null`.
  public func array(_ name: String) throws(WireError) -> [JSONValue] {
    guard let value = value(name) else { return [] }
    guard case .array(let values) = value else { throw wrong(name, value, "an array") }
    return values
  }

  /// An array of text; empty when it is missing or `null`.
  public func strings(_ name: String) throws(WireError) -> [String] {
    guard let value = value(name) else { return [] }
    guard case .array(let values) = value else { throw wrong(name, value, "an array of strings") }
    var texts: [String] = []
    for (index, value) in values.enumerated() {
      guard case .string(let text) = value else { throw wrong("\(name)[\(index)]", value, "a string") }
      texts.append(text)
    }
    return texts
  }

  /// An object whose members are text, in order; of a name that comes twice the last one counts.
  public func textMap(_ name: String) throws(WireError) -> [(name: String, value: String)] {
    guard let value = value(name) else { return [] }
    guard case .object(let members) = value else { throw wrong(name, value, "an object of strings") }
    let pairs = try members.map { member throws(WireError) in
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
  package func objects(_ field: String) throws(WireError) -> [JSONObject] {
    var objects: [JSONObject] = []
    for (index, value) in enumerated() { objects.append(try JSONObject(value, field: "\(field)[\(index)]")) }
    return objects
  }
}

extension [JSONObject] {
  package func mapEach<Reply>(_ make: (JSONObject) throws(WireError) -> Reply) throws(WireError) -> [Reply] {
    var replies: [Reply] = []
    for object in self { replies.append(try make(object)) }
    return replies
  }
}
