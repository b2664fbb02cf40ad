import TestSupport
import Testing

@testable import Headless

@Suite struct UTF8JoinerTests {
  private func bytes(_ piece: UTF8Joiner.Piece?) -> [UInt8] {
    switch piece {
    case .text(let text): Array(text.utf8)
    case .bytes(let bytes): bytes
    case nil: []
    }
  }

  @Test func `a character that a chunk's edge cuts is whole in the next piece`() {
    for character in ["ä", "€", "🙂"] {
      let whole = Array("a\(character)b".utf8)
      for cut in 1..<whole.count {
        var joiner = UTF8Joiner()
        let pieces = [joiner.take(whole[..<cut]), joiner.take(whole[cut...])].compactMap { $0 }
        let texts = pieces.compactMap { if case .text(let text) = $0 { text } else { nil } }
        #expect(texts.joined() == "a\(character)b")
        #expect(texts.count == pieces.count)
        #expect(joiner.finish() == nil)
      }
    }
  }

  @Test func `a chunk that only begins a character says nothing yet`() {
    var joiner = UTF8Joiner()
    #expect(joiner.take([0xE2]) == nil)
    #expect(joiner.take([0x82]) == nil)
    #expect(joiner.rest.count == 2)
    #expect(joiner.take([0xAC]) == .text("€"))
  }

  @Test func `half a character at the end of the stream is reported as bytes`() {
    var joiner = UTF8Joiner()
    #expect(joiner.take(Array("x".utf8) + [0xF0, 0x9F]) == .text("x"))
    #expect(joiner.finish() == .bytes([0xF0, 0x9F]))
    #expect(joiner.finish() == nil)
  }

  @Test(
    arguments: [[0xFF], [0xC0], [0x61, 0xF5], [0x80, 0x80, 0x80], [0xC3, 0x28], [0xED, 0xA0, 0x80]] as [[UInt8]])
  func `bytes that begin no character are reported at once`(chunk: [UInt8]) {
    var joiner = UTF8Joiner()
    #expect(joiner.take(chunk) == .bytes(chunk))
    #expect(joiner.finish() == nil)
  }

  @Test func `whatever the bytes and the cuts, nothing is lost and the rest stays small`() {
    var random = SeededGenerator()
    let alphabet: [UInt8] = [0x61, 0x0A, 0x00, 0x80, 0xBF, 0xC3, 0xE2, 0x82, 0xAC, 0xF0, 0x9F, 0x99, 0x82, 0xFF]
    for _ in 0..<2_000 {
      let stream = (0..<Int.random(in: 0..<40, using: &random)).compactMap { _ in alphabet.randomElement(using: &random)
      }
      var joiner = UTF8Joiner()
      var told: [UInt8] = []
      var start = 0
      while start < stream.count {
        let end = Int.random(in: start + 1...stream.count, using: &random)
        told += bytes(joiner.take(stream[start..<end]))
        #expect(joiner.rest.count <= 3)
        start = end
      }
      told += bytes(joiner.finish())
      #expect(told == stream, "seed \(random.seed)")
    }
  }
}
