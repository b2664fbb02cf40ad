import JSON
import TestSupport
import Testing

@testable import BoxLiteWire

@Suite struct FrameTests {
  private func cut(_ bytes: [UInt8]) -> Int { bytes.withUnsafeBytes { FrameCut.length($0) } }

  @Test(arguments: ["é", "€", "😀"])
  func `no cut falls into a character`(character: String) {
    let bytes = Array("ab\(character)".utf8)
    #expect(cut(bytes) == bytes.count)
    for missing in 1..<character.utf8.count { #expect(cut(Array(bytes.dropLast(missing))) == 2) }
    #expect(cut(Array(character.utf8.dropLast())) == 0)
  }

  @Test(arguments: [
    [0xFF], [0x80], [0x80, 0x80, 0x80, 0x80], [0xC0], [0xC1], [0xF5, 0x80], [0xE0, 0x80], [0xED, 0xA0], [0xF0, 0x8F],
    [0xF4, 0x90], [0x00], [],
  ])
  func `what begins no character is not kept back`(bytes: [UInt8]) {
    #expect(cut(bytes) == bytes.count)
  }

  @Test func `text cut into frames is decoded as if it were whole`() {
    let seed = UInt64.random(in: .min ... .max)
    var random = SeededGenerator(seed: seed)
    for _ in 0..<300 {
      let characters: [Character] = ["a", "é", "€", "😀", "\u{0}", "한", "𐍈"]
      let text = String((0..<60).compactMap { _ in characters.randomElement(using: &random) })
      #expect(decoded(Array(text.utf8), &random) == text, "seed \(seed)")
    }
  }

  private func decoded(_ bytes: [UInt8], _ random: inout SeededGenerator) -> String {
    var (start, text) = (0, "")
    while start < bytes.count {
      let end = min(bytes.count, start + Int.random(in: 4...9, using: &random))
      let length = cut(Array(bytes[start..<end]))
      text += String(decoding: bytes[start..<(start + length)], as: UTF8.self)
      start += length
    }
    return text
  }

  @Test func `messages of the server are read back`() throws {
    for message in [ServerMessage.exit(code: -9), .error(message: "a\"b", code: "c")] {
      #expect(try ServerMessage(text: Array(message.text.utf8)) == message)
    }
    #expect(ServerMessage.exit(code: 7).text == #"{"type":"exit","exit_code":7}"#)
  }

  @Test func `an exit without a code is minus one, and an unknown type is nothing`() throws {
    #expect(try ServerMessage(text: Array(#"{"type":"exit"}"#.utf8)) == .exit(code: -1))
    #expect(try ServerMessage(text: Array(#"{"type":"exit","exit_code":99999999999}"#.utf8)) == .exit(code: .max))
    #expect(try ServerMessage(text: Array(#"{"type":"new"}"#.utf8)) == nil)
  }

  @Test(arguments: [
    (#"{"rows":1}"#, "field 'type' is missing"), (#"{"type":"x"}"#, "unknown frame type 'x'"),
    (#"{"type":"resize","rows":0,"cols":1}"#, "field 'rows' must be 1 to 65535, not 0"),
    (#"{"type":"signal","sig":0}"#, "field 'sig' must be 1 to 64, not 0"),
  ])
  func `a bad control frame says why`(text: String, message: String) {
    #expect(throws: JSONError(message)) { try ClientControl(text: Array(text.utf8)) }
  }

  @Test func `an attach's query is read`() throws {
    #expect(try AttachQuery("").allowsInput && AttachQuery("").from == nil)
    #expect(try !AttachQuery("stdin=0").allowsInput && !AttachQuery("x=1&stdin=false").allowsInput)
    let named = try #require(try AttachQuery("from_stdout=5").from)
    #expect(named.stdout == 5 && named.stderr == 0)
    for query in ["stdin=False", "stdin", "from_stdout=-1", "from_stderr=x", "from_stdout=99999999999999999999"] {
      #expect(throws: JSONError.self) { try AttachQuery(Substring(query)) }
    }
  }
}
