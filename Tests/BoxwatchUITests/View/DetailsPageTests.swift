import BoxwatchUI
import Testing

/// What of the page of details does not fit into a line.
@Suite struct DetailsPageTests {
  @Test func `a command that is wider than the page goes on in the next lines, to its end`() {
    var monitor = Monitor(24, 60)
    monitor.add(["sh", "-c", String(repeating: "word ", count: 40) + "the end"])
    monitor.type("d")
    #expect(monitor.has("command    sh -c 'word word"), "\(monitor.screen)")
    #expect(monitor.has("the end'"), "\(monitor.screen)")
  }

  @Test func `a glyph of two columns is not cut in two`() {
    var monitor = Monitor(24, 60)
    monitor.add([String(repeating: "箱", count: 60)])
    monitor.type("d")
    let shown = (0..<24).map(monitor.row).filter { $0.contains("┌ ") == false }.joined()
    #expect(shown.count { $0 == "箱" } >= 60)
  }

  @Test func `a command of a mebibyte is shown in part, and its page can be scrolled to the end`() {
    var monitor = Monitor(24, 80)
    monitor.add([String(repeating: "x", count: 1 << 20)])
    monitor.type("d")
    monitor.type("G")
    #expect(monitor.has("execution  exec-1"), "\(monitor.screen)")
  }
}
