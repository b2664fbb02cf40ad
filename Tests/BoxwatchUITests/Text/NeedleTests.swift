import Cells
import Testing

@testable import BoxwatchUI

@Suite struct NeedleTests {
  private func finds(_ needle: String, _ line: String) -> Bool { Needle(needle).isFound(in: Array(line.utf8)) }

  @Test func `upper case in the needle makes it matter`() {
    #expect(finds("error", "An ERROR here") && finds("Error", "An Error"))
    #expect(!finds("Error", "An ERROR here") && !finds("x", "") && !finds("", "abc") && !finds("abcd", "abc"))
  }

  @Test func `styling inside a match does not hide it`() {
    #expect(finds("error", "er\u{1b}[31mror") && finds("é", "caf\u{1b}[1;32mé"))
    #expect(!finds("31", "er\u{1b}[31mror"))
    #expect(finds("[2j", "\u{1b}[2J"))
  }

  @Test func `matches in a row are columns, wide glyphs whole`() {
    let cells = StyledLine.decode(Array("日本 ab ab".utf8)).cells
    #expect(Needle("ab").columns(in: cells) == [5..<7, 8..<10])
    #expect(Needle("本").columns(in: cells) == [2..<4])
    #expect(Needle("本 a").columns(in: cells) == [2..<6])
    #expect(Needle("aa").columns(in: StyledLine.decode(Array("aaaaa".utf8)).cells) == [0..<2, 2..<4])
  }
}
