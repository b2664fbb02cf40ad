import BoxwatchUI
import Cells
import ExecModel
import Testing
import Widgets

@Suite struct SearchTests {
  private func monitor() -> Monitor {
    var monitor = Monitor()
    monitor.add(["x"])
    monitor.output((1...200).map { $0.isMultiple(of: 50) ? "needle \($0)\n" : "hay \($0)\n" }.joined())
    return monitor
  }

  private func current(_ monitor: Monitor) -> UInt64? { monitor.model.selected?.panes.stdout.search?.current }

  @Test func `a search jumps to the first match below, n and N go on and back`() {
    var monitor = monitor()
    monitor.type("<tab>g/needle<enter>")
    #expect(monitor.has("needle 50 ") && monitor.has("/needle"))
    let first = current(monitor)
    monitor.type("n")
    #expect(monitor.has("needle 100 ") && current(monitor) != first)
    monitor.type("N")
    #expect(current(monitor) == first)
    monitor.type("N")
    #expect(monitor.status.contains("no further match for 'needle' above") && current(monitor) == first)
  }

  @Test func `matches are highlighted, the current line otherwise`() {
    var monitor = monitor()
    monitor.type("<tab>g/hay<enter>")
    let theme = Theme.builtIn
    #expect(monitor.grid[5, 2].style == theme.style(.searchCurrent, depth: .sixteen))
    #expect(monitor.grid[10, 2].style == theme.style(.searchMatch, depth: .sixteen))
    #expect(monitor.grid[10, 6].style == theme.style(.text, depth: .sixteen))
  }

  @Test func `Esc ends the search, and n starts a command again`() {
    var monitor = monitor()
    monitor.type("<tab>g/needle<enter><escape>n")
    #expect(monitor.has("start a command") && current(monitor) == nil)
  }

  @Test func `nothing found is said`() {
    var monitor = monitor()
    monitor.type("/nowhere<enter>")
    #expect(monitor.status.contains("no match for 'nowhere' below"))
  }

  @Test func `a search through much text goes on step by step and gives way to keys`() {
    var monitor = Monitor()
    monitor.add(["x"])
    monitor.output(String(repeating: String(repeating: "x", count: 30_000) + "\n", count: 100) + "needle\n")
    monitor.type("<tab>g")
    var effects = monitor.type("/needle<enter>")
    #expect(effects == [.proceed] && monitor.has("searching /needle"))
    monitor.type("j")
    var steps = 0
    while effects == [.proceed], steps < 100 {
      effects = monitor.send(.proceed)
      steps += 1
    }
    #expect(effects == [] && current(monitor) == 3_000_100 && steps >= 1)
  }

  /// A text in which a search takes many steps.
  private func long() -> Monitor {
    var monitor = Monitor()
    monitor.add(["x"])
    monitor.output(String(repeating: String(repeating: "x", count: 30_000) + "\n", count: 100) + "needle\n")
    monitor.type("<tab>g")
    return monitor
  }

  @Test func `a search under way ends at Esc, from wherever that is typed`() {
    for keys in ["<escape>", "<tab><tab><escape>"] {
      var monitor = long()
      #expect(monitor.type("/needle<enter>") == [.proceed])
      monitor.type(keys)
      #expect(monitor.status.contains("the search was closed") && !monitor.has("searching"), "\(keys)")
      #expect(monitor.send(.proceed) == [] && current(monitor) == nil)
    }
  }

  @Test func `however often it is begun again, one step is on the way at a time`() {
    var monitor = long()
    #expect(monitor.type("/needle<enter>") == [.proceed])
    #expect(monitor.type("nnnn") == [])
    monitor.type("<tab>/other<enter>")
    #expect(monitor.model.selected?.panes.stdout.search?.scan == nil, "the search in the other pane is over")
    #expect(monitor.send(.proceed) == [])
    #expect(monitor.type("<tab><tab>/needle<enter>") == [.proceed])
  }
}
