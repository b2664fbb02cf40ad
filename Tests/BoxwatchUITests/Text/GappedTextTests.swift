import ExecModel
import TestSupport
import Testing

@testable import BoxwatchUI

/// Read from anywhere in any direction, a text with gaps is the plain text cut at the gaps.
@Suite struct GappedTextTests {
  private let plain = InMemoryText(Array("one\ntwo\nthree\nfour".utf8), head: 2)
  private var limit: UInt64 { UInt64(plain.bytes.count) }

  private func gapped(_ offsets: Set<UInt64>) -> GappedText { GappedText(plain, gaps: offsets) }

  private func lines(_ pieces: [TextPiece]) -> [String] { pieces.map { String(decoding: $0.bytes, as: UTF8.self) } }

  @Test func `a piece is cut in the middle of a line, at its newline, and not at its edges`() {
    #expect(lines(gapped([9]).pieces(from: 0, count: 9, limit: limit)) == ["e", "two", "t", "hree", "four"])
    #expect(lines(gapped([13]).pieces(from: 8, count: 9, limit: limit)) == ["three", "", "four"])
    #expect(
      lines(gapped([0, 2, 4, 8, 18, 99]).pieces(from: 0, count: 9, limit: limit)) == ["e", "two", "three", "four"])
  }

  @Test func `what begins after a gap is no beginning of a line, and only the last part ends it`() {
    let pieces = gapped([9, 11]).pieces(from: 8, count: 3, limit: limit)
    #expect(pieces.map(\.startsLine) == [true, false, false] && pieces.map(\.endsLine) == [false, false, true])
    #expect(pieces.map(\.range) == [8..<9, 9..<11, 11..<14])
  }

  @Test func `forwards and backwards give the same pieces from every offset and for every gap`() {
    for gap in 0...limit {
      for other in gap...limit {
        let text = gapped([gap, other])
        let all = text.pieces(from: 0, count: 99, limit: limit)
        for offset in 0...limit {
          let after = all.filter { $0.range.lowerBound >= offset }
          let before = all.filter { $0.range.upperBound <= offset }
          #expect(text.pieces(from: offset, count: 99, limit: limit) == after, "\(gap) \(other) \(offset)")
          #expect(text.pieces(from: offset, count: 2, limit: limit) == Array(after.prefix(2)), "\(gap) \(other)")
          #expect(text.pieces(before: offset, count: 99, limit: limit) == before, "\(gap) \(other) \(offset)")
          #expect(text.pieces(before: offset, count: 2, limit: limit) == before.suffix(2), "\(gap) \(other)")
        }
      }
    }
  }

  @Test func `a boundary stands at a gap`() {
    #expect(gapped([9]).boundary(atOrBefore: 10, limit: limit) == 9)
    #expect(gapped([9]).boundary(atOrBefore: 8, limit: limit) == 8)
    #expect(gapped([]).boundary(atOrBefore: 10, limit: limit) == 8)
  }
}
