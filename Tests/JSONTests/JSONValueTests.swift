import JSON
import Testing

@Suite struct JSONValueTests {
  private func parse(_ text: String) throws(JSONError) -> JSONValue { try JSONValue(parsing: Array(text.utf8)) }

  @Test func `every kind of value is read`() throws {
    let value = try parse(#" {"a":[1,-2.5e1,true,null],"b":{"c":"\u00e9\ud83d\ude00\n"}} "#)
    #expect(
      value
        == .object([
          JSONMember("a", .array([.integer(1), .number(-25), .bool(true), .null])),
          JSONMember("b", .object([JSONMember("c", .string("é😀\n"))])),
        ]))
  }

  @Test(arguments: [
    "", "{", "[1,]", "{\"a\":1,}", "tru", "01", "1.", "1e", "-", "\"a", "\"\\x\"", "\"\\ud800\"", "\"\\udc00\"",
    "\"\n\"",
    "1 2", "{1:2}", "[1 2]", "1e999", "\"\\u12\"", "+1", ".5", "nan",
  ])
  func `text that is not JSON is refused`(text: String) {
    #expect(throws: JSONError.self) { try parse(text) }
  }

  @Test func `a text that is not UTF-8 is refused`() {
    #expect(throws: JSONError.self) { try JSONValue(parsing: [0x22, 0xFF, 0x22]) }
  }

  @Test func `deep nesting is refused before the stack ends`() {
    let text = String(repeating: "[", count: 1_000_000)
    #expect(throws: JSONError("the JSON text nests deeper than 64")) { try parse(text) }
  }

  @Test func `the error names the byte`() {
    #expect(throws: JSONError("the text is not valid JSON at byte 5")) { try parse(#"{"a":x}"#) }
    #expect(throws: JSONError("the JSON text ends too early")) { try parse(#"{"a":"#) }
  }

  @Test func `a number beyond 64 bits is a number, not a trap`() throws {
    #expect(try parse("9223372036854775808") == .largeInteger(1 << 63))
    #expect(try parse("-9223372036854775808") == .integer(.min))
  }

  @Test func `control characters are written escaped`() {
    #expect(JSONValue.string("\u{1}\u{7F}\"\\\n\r\t").text == #""\u0001\u007f\"\\\n\r\t""#)
    #expect(JSONValue.string("\u{80}ä\u{9F}\u{A0}").text == "\"\\u0080ä\\u009f\u{A0}\"")
    #expect(JSONValue.string("\u{61C}\u{200F}\u{2028}\u{202E}\u{2066}€").text == #""\u061c\u200f\u2028\u202e\u2066€""#)
    #expect(JSONValue.number(.infinity).text == "null")
  }
}
