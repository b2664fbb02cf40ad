import Cells
import TestSupport
import Testing

@testable import BoxwatchUI

@Suite struct PaneTextTests {
  private func pane(
    _ text: String, head: UInt64 = 0, limit: Int? = nil, width: Int = 10, wraps: Bool = false, hasMeta: Bool = false
  ) -> PaneText {
    PaneText(
      source: InMemoryText(Array(text.utf8), head: head), limit: UInt64(limit ?? text.utf8.count), width: width,
      wraps: wraps, metaRows: hasMeta ? 1 : 0)
  }

  private func words(_ rows: [PaneRow]) -> [String] {
    rows.map { row in
      switch row.kind {
      case .gap(let bytes): "gap \(bytes)"
      case .missing(let gap): "missing \(gap)"
      case .meta: "meta"
      case .text(let continues): (continues ? "+" : "") + row.cells.map(\.text).joined()
      }
    }
  }

  private let numbers = (1...9).map { "line \($0)\n" }.joined()

  @Test func `the bottom shows the last rows, a last line without newline too`() {
    let pane = pane(numbers + "tail")
    #expect(words(pane.rows(from: pane.bottom(height: 3), count: 3)) == ["line 8", "line 9", "tail"])
  }

  @Test func `wrapped rows are counted and marked as going on`() {
    let pane = pane("short\n" + "abcdefghijklmnopqrstuvwxyz\n", wraps: true)
    #expect(words(pane.rows(from: pane.top, count: 9)) == ["short", "abcdefghij", "+klmnopqrst", "+uvwxyz"])
    #expect(words(pane.rows(from: pane.bottom(height: 2), count: 9)) == ["+klmnopqrst", "+uvwxyz"])
  }

  @Test func `the gap and the last word are rows of their own`() {
    let pane = pane(numbers, head: 14, hasMeta: true)
    #expect(words(pane.rows(from: pane.top, count: 2)) == ["gap 14", "+line 3"])
    #expect(words(pane.rows(from: pane.bottom(height: 2), count: 2)) == ["line 9", "meta"])
    #expect(words(self.pane("", hasMeta: true).rows(from: pane.top, count: 5)) == ["meta"])
  }

  @Test func `moving up and down again comes back, however the lines wrap`() {
    let long = (1...40).map { String(repeating: "\($0) ", count: $0) + "\n" }.joined()
    for wraps in [false, true] {
      let pane = pane(long, head: 2, wraps: wraps, hasMeta: true)
      var anchor = pane.bottom(height: 5)
      var path = [anchor]
      while anchor != pane.top {
        anchor = pane.moved(anchor, by: -3, height: 5)
        path.append(anchor)
      }
      #expect(path == path.sorted(by: >) && path.count > 10)
      let rows = pane.rows(from: pane.top, count: 1000)
      for (index, row) in rows.enumerated() where index <= rows.count - 5 {
        #expect(pane.moved(pane.top, by: index, height: 5) == row.anchor)
        #expect(pane.moved(row.anchor, by: -index, height: 5) == pane.top)
      }
      #expect(pane.moved(pane.top, by: rows.count, height: 5) == pane.bottom(height: 5))
    }
  }

  @Test func `colours that are on before the first row stay on`() {
    let pane = pane("\u{1b}[31mred\n" + numbers + "\u{1b}[0mplain\nend\n")
    let rows = pane.rows(from: TextAnchor(offset: 9), count: 20)
    #expect(rows[0].cells[0].style.foreground == .indexed(1))
    #expect(rows[9].cells[0].style == .plain && rows[10].cells[0].style == .plain)
  }

  @Test func `rows behind the limit do not exist`() {
    let pane = pane(numbers, limit: 10)
    #expect(words(pane.rows(from: pane.top, count: 9)) == ["line 1", "lin"])
  }

  @Test func `an anchor whose bytes were evicted is taken as the first kept one`() {
    let pane = pane(numbers, head: 21)
    #expect(words(pane.rows(from: TextAnchor(offset: 7), count: 2)) == ["gap 21", "+line 4"])
  }

  @Test func `a long line is cut into pieces, and each but the first goes on`() {
    let pane = pane(String(repeating: "x", count: 100_000), width: 20)
    let rows = pane.rows(from: pane.top, count: 50)
    #expect(
      rows.map(\.kind) == [.text(continues: false)] + Array(repeating: .text(continues: true), count: rows.count - 1))
    #expect(rows.count == 4)
  }

  @Test func `of a long line the shown part is the same whether or not the rest is looked at`() {
    let long = String(repeating: "x", count: 20_000)
    let tails = ["", "\u{1b}[31m", "\rover", "\u{8}y"]
    let starts = tails.map { tail in
      let pane = pane(long + tail + "\nnext\n")
      return pane.rows(from: pane.top, count: 2)
    }
    #expect(starts[0][0].cells == starts[3][0].cells && starts[0][1].cells == starts[3][1].cells)
    #expect(words(starts[2])[0].hasPrefix("overxxx"))
    #expect(starts[1][1].cells[0].style.foreground == .indexed(1))
    let marks = pane("a" + String(repeating: "\u{301}", count: 5000) + "bcdefghijklmnop\n")
    #expect(words(marks.rows(from: marks.top, count: 1))[0].hasSuffix("bcdefghijk"))
  }
}
