import Testing

@testable import Cells

@Suite struct TextWidthTests {
  @Test(arguments: [
    ("", 0), ("abc", 3), ("漢字", 4), ("한글", 4), ("ｆｕｌｌ", 8), ("ﾊﾝ", 2), ("e\u{301}", 1), ("é", 1), ("❤", 1),
    ("❤\u{FE0F}", 2), ("1\u{FE0F}\u{20E3}", 2), ("🇩🇪", 2), ("🇩🇪🇫🇷", 4), ("🇩", 2), ("👍", 2), ("👍🏽", 4),
    ("👩\u{200D}👧", 4), ("─│┌", 3), ("●◐✔", 3), ("▁▂▅▇", 4), ("नि", 1), ("می\u{200C}خواهم", 7), ("\u{E000}", 1),
  ])
  func `a text takes the columns that terminals give it`(text: String, columns: Int) {
    #expect(TextWidth.columns(of: text) == columns)
  }

  @Test(arguments: [("\u{1B}", 2), ("\u{7F}", 2), ("\u{9B}", 6), ("\u{202E}", 6), ("\u{E0041}", 7), ("\u{10FFFF}", 8)])
  func `a scalar that may not be shown takes the columns of its visible text`(text: String, columns: Int) throws {
    let scalar = try #require(text.unicodeScalars.first)
    #expect(TextWidth.columns(of: text) == columns)
    #expect(TextWidth.columns(of: scalar) == columns)
  }

  @Test func `a text takes as many columns as writing it uses`() {
    for text in ["plain", "漢x", "a\u{1B}[0m", "❤\u{FE0F}y", "\u{301}lonely", "x\u{200D}y", "👩\u{200D}👩\u{200D}👧"] {
      var grid = Grid(height: 1, width: 80)
      #expect(grid.write(text, row: 0, column: 0) == TextWidth.columns(of: text), "\(text)")
    }
  }

  @Test func `no scalar at all has a role that would let it change the screen`() {
    var wrong: [String] = []
    for value in UInt32(0)...0x10FFFF {
      guard let scalar = Unicode.Scalar(value), isForbidden(scalar) else { continue }
      if ScalarRole.of(scalar) != .hostile { wrong.append(String(value, radix: 16)) }
    }
    #expect(wrong.isEmpty, "\(wrong.prefix(20))")
  }

  @Test func `what is not hostile is zero, one or two columns wide`() {
    let isWrong = { (scalar: Unicode.Scalar) in
      ScalarRole.of(scalar) != .hostile && !(0...2).contains(TextWidth.columns(of: scalar))
    }
    #expect(!(UInt32(0)...0x1FFFF).contains { Unicode.Scalar($0).map(isWrong) ?? false })
  }

  @Test func `the tables are sorted and their ranges apart`() {
    for table in [WidthTable.zero, WidthTable.wide, WidthTable.emojiVariation, WidthTable.hostile] {
      #expect(table.count.isMultiple(of: 2))
      for index in stride(from: 0, to: table.count, by: 2) {
        #expect(table[index] <= table[index + 1])
        if index > 0 { #expect(table[index - 1] < table[index]) }
      }
    }
  }
}
