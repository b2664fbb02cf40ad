import Cells
import Testing

@Suite struct StyledLineTests {
  @Test(arguments: [
    ("plain", "plain"), ("", ""), ("line\n", "line"), ("line\r\n", "line"), ("a\nb", "a^Jb"), ("10%\r20%", "20%"),
    ("long text\rshort", "shorttext"), ("abc\u{8}\u{8}XY", "aXY"), ("\u{8}\u{8}a", "a"), ("a\tb", "a       b"),
    ("1234567\t8", "1234567 8"), ("12345678\t9", "12345678        9"), ("abc\r\tx", "abc     x"), ("漢\rx", "x "),
    ("漢\u{8}x", " x"), ("ab\r漢", "漢"), ("a漢\r漢", "漢 "),
  ])
  func `carriage return, backspace and tab move as on a terminal`(output: String, shown: String) {
    let line = StyledLine.of(output)
    #expect(line.text == shown)
    #expect(fault(in: line.cells) == nil)
  }

  @Test(arguments: [
    ("e\u{301}x", ["e\u{301}", "x"]), ("漢字", ["漢", "", "字", ""]), ("❤\u{FE0F}!", ["❤\u{FE0F}", "", "!"]),
    ("🇩🇪🇫", ["🇩🇪", "", "🇫", ""]), ("👩\u{200D}👧", ["👩", "", "👧", ""]), ("\u{301}", ["\u{25CC}\u{301}"]),
    ("a\u{1}\u{301}", ["a", "^", "A", "\u{25CC}\u{301}"]), ("क\u{94D}\u{200D}ष", ["क\u{94D}\u{200D}", "ष"]),
  ])
  func `scalars share a cell only where one glyph is drawn`(output: String, cells: [String]) {
    #expect(StyledLine.of(output).cells.map(\.text) == cells)
  }

  @Test func `a cell keeps five scalars of a pile of marks`() {
    let line = StyledLine.of("a" + String(repeating: "\u{301}", count: 1000) + "b")
    #expect(line.cells.map(\.text.unicodeScalars.count) == [5, 1])
  }

  @Test func `the width is cut at the column limit, never through a glyph`() {
    #expect(StyledLine.of("abcdef", columnLimit: 4).text == "abcd")
    #expect(StyledLine.of("abc漢", columnLimit: 4).text == "abc ")
    #expect(StyledLine.of("abc❤\u{FE0F}", columnLimit: 4).text == "abc ")
    #expect(StyledLine.of("abcdef\rX", columnLimit: 4).text == "Xbcd")
    #expect(StyledLine.of("abcdef\u{8}\u{8}\u{8}\u{8}\u{8}X", columnLimit: 4).text == "aXcd")
    #expect(StyledLine.of("anything", columnLimit: 0).cells.isEmpty)
    #expect(StyledLine.of("anything", columnLimit: -1).cells.isEmpty)
  }

  @Test func `the style goes on behind the column limit`() {
    let line = StyledLine.of("abcdef\u{1B}[31mgh", columnLimit: 2)
    #expect(line.endStyle == Style(foreground: .indexed(1)))
  }

  @Test func `a very long line costs its limit and no more`() {
    let line = StyledLine.decode([UInt8](repeating: 0x78, count: 10 << 20), columnLimit: 500)
    #expect(line.text == String(repeating: "x", count: 500))
  }

  @Test func `a very long progress bar shows its last state`() {
    var bytes: [UInt8] = []
    for step in 0..<100_000 { bytes += Array("\rstep \(step)".utf8) }
    #expect(bytes.count > 2 * StyledLine.byteLimit)
    #expect(StyledLine.decode(bytes).text == "step 99999")
    #expect(StyledLine.decode(bytes + [0x0D, 0x0A]).text == "step 99999")
  }

  @Test func `bytes that are not stored in one piece decode the same`() {
    let bytes = Array("a\u{1B}[1mb漢\tc".utf8)
    #expect(StyledLine.decode(bytes.lazy.map { $0 }) == StyledLine.decode(bytes))
    #expect(StyledLine.decode(bytes[2...]) == StyledLine.decode(Array(bytes[2...])))
  }
}
