import Cells
import Testing

/// P8: only SGR is obeyed; every other control byte is drawn as a visible glyph.
@Suite struct HostileLineTests {
  @Test(arguments: [
    ("\u{1B}[2J", "^[[2J"), ("\u{1B}[10;10H", "^[[10;10H"), ("\u{1B}[?25l", "^[[?25l"), ("\u{1B}[6n", "^[[6n"),
    ("\u{1B}]0;title\u{7}", "^[]0;title^G"), ("\u{1B}]52;c;aGk=\u{1B}\\", "^[]52;c;aGk=^[\\"), ("\u{1B}c", "^[c"),
    ("\u{1B}Pq#0\u{1B}\\", "^[Pq#0^[\\"), ("\u{1B}]8;;http://x\u{7}y", "^[]8;;http://x^Gy"), ("\u{1B}", "^["),
    ("\u{1B}[", "^[["), ("\u{1B}[31", "^[[31"), ("\u{1B}[>4;2m", "^[[>4;2m"), ("\u{1B}[?1m", "^[[?1m"),
    ("\u{1B}[1 m", "^[[1 m"), ("\u{1B}[\u{1B}[mx", "^[[x"), ("\u{1B}[3\u{8}1m", "^[[1m"), ("\u{0}", "^@"),
    ("\u{7}", "^G"), ("\u{B}\u{C}", "^K^L"), ("\u{E}\u{F}", "^N^O"), ("\u{7F}", "^?"), ("\u{9B}31m", "<009B>31m"),
    ("\u{85}", "<0085>"), ("\u{202E}abc", "<202E>abc"), ("\u{2066}\u{2069}", "<2066><2069>"),
    ("a\u{200E}b", "a<200E>b"),
    ("\u{61C}", "<061C>"), ("\u{FEFF}x", "<FEFF>x"), ("a\u{200B}b", "a<200B>b"), ("a\u{200D}b", "a<200D>b"),
    ("\u{2028}\u{2029}", "<2028><2029>"), ("\u{AD}", "<00AD>"), ("\u{E0041}", "<E0041>"), ("a\u{E0100}", "a<E0100>"),
    ("\u{FFFE}", "<FFFE>"), ("\u{3164}", "<3164>"), ("\u{FE0F}", "<FE0F>"),
  ])
  func `what is not SGR is shown and has no effect`(output: String, shown: String) {
    let line = StyledLine.of(output)
    #expect(line.text == shown)
    #expect(line.endStyle == .plain)
  }

  @Test(
    arguments: [
      ([0x9B, 0x33, 0x31, 0x6D], "\\x9b31m"), ([0xFF, 0xFE], "\\xff\\xfe"), ([0xC0, 0xAF], "\\xc0\\xaf"),
      ([0xE2, 0x82], "\\xe2\\x82"), ([0xE2, 0x82, 0x41], "\\xe2\\x82A"), ([0xED, 0xA0, 0x80], "\\xed\\xa0\\x80"),
      ([0xF4, 0x90, 0x80, 0x80], "\\xf4\\x90\\x80\\x80"), ([0xF0, 0x9F, 0x98], "\\xf0\\x9f\\x98"), ([0x80], "\\x80"),
      ([0xE6, 0xBC, 0xA2, 0xE6], "漢\\xe6"),
    ] as [([UInt8], String)])
  func `each byte of invalid UTF-8 is shown`(bytes: [UInt8], shown: String) {
    #expect(StyledLine.decode(bytes).text == shown)
  }

  @Test func `what stands for a control looks different from the same text printed`() {
    let control = StyledLine.of("\u{1B}[31m\u{7}").cells
    let text = StyledLine.of("\u{1B}[31m^G").cells
    #expect(control.map(\.text) == text.map(\.text))
    #expect(control[0].style == Style(foreground: .indexed(1), attributes: [.dim, .reverse]))
    #expect(StyledLine.of("\u{1B}[7m\u{7}").cells[0].style.attributes == [.dim])
    #expect(StyledLine.decode([0xFF]).cells[0].style.attributes == [.dim, .reverse])
  }

  @Test func `a control sequence of more than 64 bytes is text`() {
    let zeros = { String(repeating: "0", count: $0) }
    #expect(StyledLine.of("\u{1B}[\(zeros(60))1mx").text == "x")
    #expect(StyledLine.of("\u{1B}[\(zeros(61))1mx").text == "^[[\(zeros(61))1mx")
  }

  @Test func `an unterminated sequence hides nothing behind it`() {
    let line = StyledLine.of("\u{1B}]0;" + String(repeating: "x", count: 100) + "END")
    #expect(line.text.hasSuffix("END"))
  }
}
