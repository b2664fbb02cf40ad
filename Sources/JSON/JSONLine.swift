/// One JSON object on one line (RFC 8259), built field by field in call order.
package struct JSONLine {
  private var bytes: [UInt8] = [UInt8(ascii: "{")]

  /// Creates an object without fields.
  package init() {}

  /// Adds a string.
  package mutating func add(_ name: String, _ value: String) {
    key(name)
    quote(value)
  }

  /// Adds a string, or null.
  package mutating func add(_ name: String, _ value: String?) {
    if let value { add(name, value) } else { addNull(name) }
  }

  /// Adds an object of strings, sorted by name.
  package mutating func add(_ name: String, _ values: [String: String]) {
    var object = JSONLine()
    for (name, value) in values.sorted(by: { $0.key < $1.key }) { object.add(name, value) }
    add(name, object)
  }

  /// Adds an object.
  package mutating func add(_ name: String, _ object: JSONLine) {
    key(name)
    bytes.append(contentsOf: object.bytes)
    bytes.append(UInt8(ascii: "}"))
  }

  /// Adds an integer.
  package mutating func add(_ name: String, _ value: some BinaryInteger) {
    key(name)
    bytes.append(contentsOf: String(value).utf8)
  }

  /// Adds a boolean.
  package mutating func add(_ name: String, _ value: Bool) {
    key(name)
    bytes.append(contentsOf: (value ? "true" : "false").utf8)
  }

  /// Adds a number; null for nil, and for a value that JSON cannot represent.
  package mutating func add(_ name: String, _ value: Double?) {
    key(name)
    bytes.append(contentsOf: Self.number(value).utf8)
  }

  /// Adds a list of numbers.
  package mutating func add(_ name: String, numbers values: [Double]) {
    key(name)
    bytes.append(contentsOf: "[\(values.map(Self.number).joined(separator: ","))]".utf8)
  }

  /// Adds null.
  package mutating func addNull(_ name: String) {
    key(name)
    bytes.append(contentsOf: "null".utf8)
  }

  private static func number(_ value: Double?) -> String {
    guard let value, value.isFinite else { return "null" }
    return value == 0 ? "0" : "\(value)"
  }

  /// Adds a list of strings.
  package mutating func add(_ name: String, _ values: [String]) {
    key(name)
    bytes.append(UInt8(ascii: "["))
    for (index, value) in values.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      quote(value)
    }
    bytes.append(UInt8(ascii: "]"))
  }

  /// The finished line, newline included.
  package var line: [UInt8] { bytes + [UInt8(ascii: "}"), UInt8(ascii: "\n")] }

  private mutating func key(_ name: String) {
    if bytes.count > 1 { bytes.append(UInt8(ascii: ",")) }
    quote(name)
    bytes.append(UInt8(ascii: ":"))
  }

  private mutating func quote(_ text: String) { JSONText.quote(text, into: &bytes) }
}
