import TestSupport
import Testing

@testable import Cells

@Suite struct LineFuzzTests {
  /// Pieces that mean something to a decoder, so that random input reaches the corners.
  private static let pieces: [[UInt8]] =
    [
      "\u{1B}", "\u{1B}[", "\u{1B}[31m", "\u{1B}[38;2;1;2;3m", "\u{1B}[38:5:9m", "\u{1B}]0;t\u{7}", "\r", "\u{8}", "\t",
      "漢", "❤",
      "\u{FE0F}", "\u{200D}", "\u{301}", "🇩", "👍", "🏽", "\u{202E}", "\u{9B}", "\u{E0101}", "क", "\u{94D}", "a", " ",
      "~", "m", ";", ":",
    ].map { Array($0.utf8) } + [[0xE2, 0x82], [0xF0, 0x9F], [0xFF], [0x80], [0x00], [0x0A], [0xED, 0xA0]]

  private static func randomLine(_ random: inout SeededGenerator) -> [UInt8] {
    (0..<Int.random(in: 0...60, using: &random)).flatMap { _ in
      Bool.random(using: &random)
        ? pieces.randomElement(using: &random) ?? [] : [UInt8.random(in: 0...255, using: &random)]
    }
  }

  @Test func `no bytes trap, and none put a control or half a glyph into a cell`() {
    let seed = UInt64.random(in: 0 ... .max)
    var random = SeededGenerator(seed: seed)
    for _ in 0..<20_000 {
      let bytes = Self.randomLine(&random)
      let limit = Int.random(in: 0...40, using: &random)
      let line = StyledLine.decode(bytes, columnLimit: limit)
      #expect(line.cells.count <= limit)
      if let fault = fault(in: line.cells) {
        Issue.record("seed \(seed), limit \(limit), bytes \(bytes): \(fault)")
        return
      }
    }
  }

  @Test func `a column limit shows the beginning of the same line`() {
    let seed = UInt64.random(in: 0 ... .max)
    var random = SeededGenerator(seed: seed)
    for _ in 0..<5_000 {
      let bytes = Self.randomLine(&random)
      let whole = StyledLine.decode(bytes)
      let limit = Int.random(in: 0...20, using: &random)
      let cut = StyledLine.decode(bytes, columnLimit: limit)
      #expect(cut.endStyle == whole.endStyle, "seed \(seed), limit \(limit), bytes \(bytes)")
      // The last column may hold a blank for a glyph that does not fit.
      let count = min(limit - 1, whole.cells.count)
      guard count > 0, !bytes.contains(0x0D), !bytes.contains(0x08) else { continue }
      #expect(cut.cells.prefix(count) == whole.cells.prefix(count), "seed \(seed), limit \(limit), bytes \(bytes)")
    }
  }

  @Test func `any cells put anywhere leave every row of the grid whole`() {
    let seed = UInt64.random(in: 0 ... .max)
    var random = SeededGenerator(seed: seed)
    var grid = Grid(height: 3, width: 12)
    for _ in 0..<10_000 {
      Self.draw(&grid, &random)
      for row in 0..<grid.height {
        guard let fault = fault(in: grid.cells[row * grid.width..<(row + 1) * grid.width]) else { continue }
        Issue.record("seed \(seed), row \(row): \(fault)")
        return
      }
    }
  }

  private static func draw(_ grid: inout Grid, _ random: inout SeededGenerator) {
    let row = Int.random(in: -1...3, using: &random)
    let column = Int.random(in: -6...14, using: &random)
    let area = Rect(
      row: Int.random(in: -1...2, using: &random), column: Int.random(in: -2...8, using: &random),
      height: Int.random(in: 0...4, using: &random), width: Int.random(in: 0...14, using: &random))
    switch Int.random(in: 0...4, using: &random) {
    case 0: grid.put(StyledLine.decode(randomLine(&random)).cells, row: row, column: column, within: area)
    case 1: grid.write(["漢字漢字", "a❤\u{FE0F}b", "x"].randomElement(using: &random) ?? "", row: row, column: column)
    case 2: grid.fill(area, with: ["─", "漢", "\u{1B}", "x"].randomElement(using: &random) ?? " ", style: .plain)
    case 3: grid.box(area, title: "漢字")
    default: grid.restyle(area) { $0.attributes.formSymmetricDifference(.reverse) }
    }
  }

  @Test func `UTF-8 is cut into the same units as the standard library cuts it`() {
    let seed = UInt64.random(in: 0 ... .max)
    var random = SeededGenerator(seed: seed)
    let interesting: [UInt8] = [
      0x41, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC2, 0xDF, 0xE0, 0xED, 0xEF, 0xF0, 0xF4, 0xF5,
    ]
    for _ in 0..<20_000 {
      let bytes = (0..<6).map { _ in interesting.randomElement(using: &random) ?? 0 }
      let expected = Array(String(decoding: bytes, as: UTF8.self).unicodeScalars)
      #expect(Self.scalars(of: bytes) == expected, "seed \(seed), bytes \(bytes)")
    }
  }

  private static func scalars(of bytes: [UInt8]) -> [Unicode.Scalar] {
    bytes.withUnsafeBufferPointer { buffer in
      var result: [Unicode.Scalar] = []
      var index = 0
      while index < buffer.count {
        if buffer[index] < 0x80 {
          result.append(Unicode.Scalar(buffer[index]))
          index += 1
          continue
        }
        switch UTF8Scalar.decode(buffer, at: index) {
        case .scalar(let scalar, let length):
          result.append(scalar)
          index += length
        case .bad(let length):
          result.append("\u{FFFD}")
          index += length
        }
      }
      return result
    }
  }
}
