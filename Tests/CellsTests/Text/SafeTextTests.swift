import Cells
import Testing

@Suite struct SafeTextTests {
  /// What no terminal may get of words from elsewhere.
  private static func isHostile(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7F...0x9F, 0x61C, 0x200E...0x200F, 0x2028...0x202E, 0x2066...0x2069: true
    default: false
    }
  }

  @Test func `plain words stay what they are`() {
    for text in ["", "make -j2", "kann „ä“ nicht lesen: 漢字 🙂", "a  ", " b"] {
      #expect(SafeText.line(text) == text)
      #expect(SafeText(text).text == text)
    }
  }

  @Test func `every scalar of the first planes is safe, in a line, in lines and cut off`() {
    for value in (0..<0x3000 as Range<UInt32>) {
      guard let scalar = Unicode.Scalar(value) else { continue }
      let text = "a\(Character(scalar))b"
      #expect(!SafeText.line(text).unicodeScalars.contains(where: Self.isHostile), "U+\(value)")
      #expect(!SafeText.elided(text, to: 2).unicodeScalars.contains(where: Self.isHostile), "U+\(value)")
      let lines = SafeText.lines(text).unicodeScalars.filter { $0 != "\n" }
      #expect(!lines.contains(where: Self.isHostile), "U+\(value)")
    }
  }

  @Test func `what is made visible can still be told apart`() {
    #expect(SafeText.line("a\u{1B}[2J\t\u{7F}") == "a^[[2J^I^?")
    #expect(SafeText.line("\u{9B}2J\u{202E}txt\u{2028}") == "<009B>2J<202E>txt<2028>")
    #expect(SafeText.line("one\r\ntwo") == "one^M^Jtwo")
    #expect(SafeText.lines("one\ntwo\r\nthree") == "one\ntwo^M^Jthree")
  }

  @Test func `a text is cut off at its width in columns`() {
    #expect(SafeText.elided("abcdef", to: 6) == "abcdef")
    #expect(SafeText.elided("abcdefg", to: 6) == "abc...")
    #expect(SafeText.elided("漢字漢字", to: 6) == "漢 ...")
  }

  @Test func `a literal is ours, and what stands between is not`() {
    let name = "x\u{1B}[0m\u{85}"
    #expect(("\u{1B}[1m\(name)\u{1B}[0m" as SafeText).text == "\u{1B}[1mx^[[0m<0085>\u{1B}[0m")
    let cell: SafeText = "\(name)"
    #expect(("[\(cell)]" as SafeText).text == "[x^[[0m<0085>]")
    #expect(("\(7) of \(["\u{7}"])" as SafeText).text == #"7 of ["\u{07}"]"#)
  }
}
