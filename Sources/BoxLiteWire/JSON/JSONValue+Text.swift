// Text to value and back.
extension JSONValue {
  /// Reads one JSON text.
  ///
  /// - Throws: ``WireError`` that says at which byte it stops being JSON, or that it nests deeper than 64.
  public init(parsing bytes: [UInt8]) throws(WireError) {
    var parser = JSONParser(bytes)
    self = try parser.parse()
  }

  /// The value as compact JSON; a number that is not finite becomes `null`.
  public var text: String {
    var text = ""
    write(into: &text)
    return text
  }

  private func write(into text: inout String) {
    switch self {
    case .null: text += "null"
    case .bool(let value): text += value ? "true" : "false"
    case .integer(let value): text += String(value)
    case .number(let value): text += value.isFinite ? "\(value)" : "null"
    case .string(let value): Self.write(value, into: &text)
    case .array(let values): Self.write(values, "[", "]", into: &text) { $0.write(into: &$1) }
    case .object(let members):
      Self.write(members, "{", "}", into: &text) { member, text in
        Self.write(member.name, into: &text)
        text += ":"
        member.value.write(into: &text)
      }
    }
  }

  private static func write<Element>(
    _ elements: [Element], _ open: String, _ close: String, into text: inout String,
    _ body: (Element, inout String) -> Void
  ) {
    text += open
    for (index, element) in elements.enumerated() {
      if index > 0 { text += "," }
      body(element, &text)
    }
    text += close
  }

  private static func write(_ string: String, into text: inout String) {
    text += "\""
    for scalar in string.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      case "\t": text += "\\t"
      default:
        if scalar.value < 0x20 || scalar.value == 0x7F {
          text += "\\u" + String(String(0x10000 + scalar.value, radix: 16).dropFirst())
        } else {
          text.unicodeScalars.append(scalar)
        }
      }
    }
    text += "\""
  }
}
