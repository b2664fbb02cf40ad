import Testing

@testable import Console

@Suite struct DiagnosticsTests {
  @Test func `a sentence for a person is shown as it is`() {
    #expect(Diagnostics.visible("kann „ä“ nicht lesen: 漢字 🙂") == "kann „ä“ nicht lesen: 漢字 🙂")
  }

  @Test(arguments: ["\u{1B}]52;c;aGk=\u{7}", "\u{9B}2J", "a\r\nb", "\u{202E}txt", "\u{2028}"])
  func `nothing that a terminal would obey is written`(text: String) {
    let visible = Diagnostics.visible(text)
    #expect(visible.contains("^") || visible.contains("<"))
    #expect(
      !visible.unicodeScalars.contains { $0.value < 0x20 || (0x7F..<0xA0).contains($0.value) || $0 == "\u{202E}" })
  }

  @Test func `a sentence that quotes a whole file is cut`() {
    #expect(Diagnostics.visible(String(repeating: "[", count: 200_000)).count == 2000)
  }
}
