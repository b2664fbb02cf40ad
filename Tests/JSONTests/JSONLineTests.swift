import JSON
import Testing

@Suite struct JSONLineTests {
  private func text(_ fields: (inout JSONLine) -> Void) -> String {
    var line = JSONLine()
    fields(&line)
    return String(decoding: line.line, as: UTF8.self)
  }

  @Test func `fields stand in the order in which they were added, on one line`() {
    let line = text { line in
      line.add("event", "exit")
      line.add("seq", UInt64.max)
      line.add("complete", true)
      line.add("truncated", ["stdout", "stderr"])
      line.add("none", [String]())
    }
    #expect(
      line
        == #"{"event":"exit","seq":18446744073709551615,"complete":true,"truncated":["stdout","stderr"],"none":[]}"#
        + "\n")
  }

  @Test func `objects stand in objects, and null where there is nothing`() {
    let line = text { line in
      line.add("user", String?.none)
      line.add("labels", ["b": "\"", "a": ""])
      line.add("none", [String: String]())
    }
    #expect(
      line
        == #"{"user":null,"labels":{"a":"","b":"\""},"none":{}}"# + "\n")
  }

  @Test func `a line without a field is an empty object`() {
    #expect(text { _ in } == "{}\n")
  }

  @Test func `every scalar below 256 and beyond reads back as it was, and none breaks the line`() throws {
    let scalars = (0..<256).compactMap { Unicode.Scalar($0) } + ["\u{2028}", "\u{FEFF}", "\u{1F642}", "\u{10FFFF}"]
    for scalar in scalars {
      let value = "a\(scalar)b"
      let line = text { $0.add("text", value) }
      #expect(line.utf8.filter { $0 < 0x20 || $0 == 0x7F } == [0x0A])
      #expect(!line.unicodeScalars.contains { (0x80..<0xA0).contains($0.value) || $0 == "\u{2028}" })
      let decoded = try JSONValue(parsing: Array(line.utf8))["text"]?.string
      #expect(decoded.map { Array($0.utf8) } == Array(value.utf8), "U+\(String(scalar.value, radix: 16))")
    }
  }
}
