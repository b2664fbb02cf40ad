/// Parses one JSON text (RFC 8259) from untrusted bytes: the nesting depth is bounded, and no input
/// traps.
struct JSONParser {
  /// The maximum nesting depth of arrays and objects.
  static let maximumDepth = 64

  private let bytes: [UInt8]
  private var index = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// Parses the whole text as one value.
  ///
  /// - Throws: ``JSONError`` that names the byte at which the text is invalid.
  mutating func parse() throws(JSONError) -> JSONValue {
    let value = try value(depth: 0)
    skipSpace()
    guard index == bytes.count else { throw unexpected() }
    return value
  }

  private var current: UInt8? { index < bytes.count ? bytes[index] : nil }

  private func unexpected() -> JSONError {
    JSONError(index < bytes.count ? "the text is not valid JSON at byte \(index)" : "the JSON text ends too early")
  }

  private mutating func skipSpace() {
    while let byte = current, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { index += 1 }
  }

  private mutating func take(_ byte: UInt8) -> Bool {
    guard current == byte else { return false }
    index += 1
    return true
  }

  private mutating func expect(_ byte: UInt8) throws(JSONError) {
    guard take(byte) else { throw unexpected() }
  }

  private mutating func value(depth: Int) throws(JSONError) -> JSONValue {
    guard depth < Self.maximumDepth else { throw JSONError("the JSON text nests deeper than \(Self.maximumDepth)") }
    skipSpace()
    switch current {
    case UInt8(ascii: "{"): return try object(depth)
    case UInt8(ascii: "["): return try array(depth)
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    default: return try number()
    }
  }

  private mutating func word(_ word: StaticString, _ value: JSONValue) throws(JSONError) -> JSONValue {
    for byte in word.description.utf8 { try expect(byte) }
    return value
  }

  private mutating func object(_ depth: Int) throws(JSONError) -> JSONValue {
    index += 1
    var members: [JSONMember] = []
    skipSpace()
    if take(UInt8(ascii: "}")) { return .object(members) }
    repeat {
      skipSpace()
      guard current == UInt8(ascii: "\"") else { throw unexpected() }
      let name = try string()
      skipSpace()
      try expect(UInt8(ascii: ":"))
      members.append(JSONMember(name, try value(depth: depth + 1)))
      skipSpace()
    } while take(UInt8(ascii: ","))
    try expect(UInt8(ascii: "}"))
    return .object(members)
  }

  private mutating func array(_ depth: Int) throws(JSONError) -> JSONValue {
    index += 1
    var values: [JSONValue] = []
    skipSpace()
    if take(UInt8(ascii: "]")) { return .array(values) }
    repeat {
      values.append(try value(depth: depth + 1))
      skipSpace()
    } while take(UInt8(ascii: ","))
    try expect(UInt8(ascii: "]"))
    return .array(values)
  }
}

// MARK: - Numbers

extension JSONParser {
  private mutating func digits() throws(JSONError) {
    guard let first = current, Self.isDigit(first) else { throw unexpected() }
    while let byte = current, Self.isDigit(byte) { index += 1 }
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) }

  private mutating func number() throws(JSONError) -> JSONValue {
    let start = index
    var isInteger = true
    _ = take(UInt8(ascii: "-"))
    if !take(UInt8(ascii: "0")) { try digits() }
    if take(UInt8(ascii: ".")) {
      isInteger = false
      try digits()
    }
    if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
      isInteger = false
      if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
      try digits()
    }
    let text = String(decoding: bytes[start..<index], as: UTF8.self)
    if isInteger, let value = Int64(text) { return .integer(value) }
    if isInteger, let value = UInt64(text) { return .largeInteger(value) }
    guard let value = Double(text), value.isFinite else {
      throw JSONError("the number \(text.prefix(40)) is too large")
    }
    return .number(value)
  }
}

// MARK: - Strings

extension JSONParser {
  private mutating func string() throws(JSONError) -> String {
    index += 1
    var text: [UInt8] = []
    while let byte = current {
      switch byte {
      case UInt8(ascii: "\""):
        index += 1
        guard let string = String(validating: text, as: UTF8.self) else {
          throw JSONError("the JSON text is not UTF-8 before byte \(index)")
        }
        return string
      case UInt8(ascii: "\\"): try escape(into: &text)
      case 0..<0x20: throw unexpected()
      default:
        text.append(byte)
        index += 1
      }
    }
    throw unexpected()
  }

  private mutating func escape(into text: inout [UInt8]) throws(JSONError) {
    index += 1
    guard let byte = current else { throw unexpected() }
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
    case UInt8(ascii: "b"): text.append(8)
    case UInt8(ascii: "f"): text.append(12)
    case UInt8(ascii: "n"): text.append(10)
    case UInt8(ascii: "r"): text.append(13)
    case UInt8(ascii: "t"): text.append(9)
    case UInt8(ascii: "u"):
      index += 1
      return try unicodeEscape(into: &text)
    default: throw unexpected()
    }
    index += 1
  }

  private mutating func unicodeEscape(into text: inout [UInt8]) throws(JSONError) {
    let first = try fourDigits()
    var scalar = UInt32(first)
    // A character outside the basic plane is written as two surrogates; a lone surrogate is
    // invalid.
    if UTF16.isLeadSurrogate(first) {
      try expect(UInt8(ascii: "\\"))
      try expect(UInt8(ascii: "u"))
      let second = try fourDigits()
      guard UTF16.isTrailSurrogate(second) else { throw unexpected() }
      scalar = 0x10000 &+ (UInt32(first) &- 0xD800) &* 0x400 &+ (UInt32(second) &- 0xDC00)
    }
    guard let character = Unicode.Scalar(scalar) else { throw unexpected() }
    text.append(contentsOf: String(character).utf8)
  }

  private mutating func fourDigits() throws(JSONError) -> UInt16 {
    var value: UInt16 = 0
    for _ in 0..<4 {
      guard let byte = current, let digit = Character(Unicode.Scalar(byte)).hexDigitValue, byte < 0x80 else {
        throw unexpected()
      }
      value = value &* 16 &+ UInt16(digit)
      index += 1
    }
    return value
  }
}
