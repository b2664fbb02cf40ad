import BoxwatchUI
import Cells
import ExecModel
import Testing
import Widgets

@Suite struct GapTests {
  private let words = "── the connection was cut: output is missing here ──"

  private func monitor(_ height: Int = 24, _ width: Int = 150, isUTF8: Bool = true) -> Monitor {
    var monitor = Monitor(height, width, isUTF8: isUTF8)
    monitor.add(["x"])
    return monitor
  }

  private func numbered(_ range: ClosedRange<Int>) -> String { range.map { "line \($0)\n" }.joined() }

  @Test func `a gap is a line of its own at its very place`() {
    var monitor = monitor()
    monitor.output("one\ntw")
    monitor.miss(.lost)
    monitor.output("ree\nfour\n")
    #expect(monitor.row(5).hasPrefix("│ one ") && monitor.row(6).hasPrefix("│ tw "))
    #expect(monitor.row(7).hasPrefix("│" + words), "\(monitor.screen)")
    #expect(monitor.row(8).hasPrefix("│↪ree ") && monitor.row(9).hasPrefix("│ four "))
    #expect(monitor.grid[7, 2].style == Theme.builtIn.style(.gap, depth: .sixteen))
  }

  @Test func `a gap before the first byte, after the last one, and in an empty stream is shown`() {
    var monitor = monitor()
    monitor.miss(.joinedLate)
    #expect(monitor.row(5).hasPrefix("│── attached late: earlier output is not available ──"))
    monitor.output("one\n")
    #expect(monitor.row(6).hasPrefix("│ one "))
    monitor.miss(.unprovenEnd)
    #expect(monitor.row(7).contains("cut before the end: output may be missing"))
    monitor.finish(unproven: .stdout)
    #expect(monitor.row(8).contains("exit 0 · stdout truncated? cut before the end · 1 line"))
    #expect(monitor.row(5).contains("attached late"), "\(monitor.screen)")
  }

  @Test func `the same reason twice at one place is one line`() {
    var monitor = monitor()
    for gap in [OutputGap.lost, .lost, .uncertain] { monitor.miss(gap) }
    #expect(monitor.row(5).contains("output is missing here") && monitor.row(6).contains("repeated here"))
    #expect(!monitor.row(7).contains("──"))
  }

  @Test func `a narrow pane has the short words, and a plain terminal plain dashes`() {
    var narrow = monitor(24, 60)
    narrow.miss(.lost)
    #expect(narrow.row(5).hasPrefix("│── output lost in a cut ──"))
    var plain = monitor(isUTF8: false)
    plain.miss(.lost)
    #expect(plain.row(5).contains("-- the connection was cut: output is missing here --"))
  }

  @Test func `the gap keeps its place while scrolling, wrapping and zooming`() {
    var monitor = monitor()
    monitor.output(numbered(1...50) + String(repeating: "x", count: 300))
    monitor.miss(.lost)
    monitor.output("\n" + numbered(51...100))
    #expect(!monitor.has(words))
    for script in ["<tab>g", "w", "z"] {
      monitor.type(script)
      var seen = 0
      for _ in 0..<120 {
        if let place = gapRow(monitor) {
          seen += 1
          #expect(monitor.row(place - 1).contains("xx") || place <= 5, "\(script)\n\(monitor.screen)")
          #expect(monitor.row(place + 2).contains("line 51") || place > 14, "\(script)\n\(monitor.screen)")
        }
        monitor.type("j")
      }
      #expect(seen > 5, "\(script)")
      monitor.type("g")
    }
  }

  private func gapRow(_ monitor: Monitor) -> Int? {
    monitor.screen.split(separator: "\n", omittingEmptySubsequences: false).firstIndex { $0.contains(words) }
  }

  @Test func `a search finds on both sides of a gap, and never across it`() {
    var monitor = monitor()
    monitor.output(numbered(1...40) + "need")
    monitor.miss(.lost)
    monitor.output("le\n" + numbered(41...80) + "needle\n")
    monitor.type("<tab>g/needle<enter>")
    #expect(monitor.has("needle") && !monitor.has(words) && monitor.has("line 80"), "\(monitor.screen)")
    monitor.type("N")
    #expect(monitor.status.contains("no further match"))
    monitor.type("g/le<enter>")
    #expect(monitor.has(words), "\(monitor.screen)")
  }

  @Test func `a success that is not known to be whole is no tick, and its line says why`() {
    var monitor = monitor()
    monitor.output("a")
    monitor.miss(.lost)
    monitor.miss(.uncertain, 1, .stderr)
    monitor.finish(unproven: .both)
    #expect(monitor.row(2).contains("! done") && !monitor.has("✔"), "\(monitor.screen)")
    #expect(monitor.row(2).contains("both streams truncated? (output lost in a cut)"))
    let summary = Summary.text(monitor.model.rows) { _, _ in nil }
    #expect(summary.hasSuffix("both streams truncated? (output lost in a cut)\n") && summary.contains("done, exit 0"))
  }
}
