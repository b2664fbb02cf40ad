import BoxwatchUI
import Cells
import ExecModel
import Testing
import Widgets

@Suite struct PaneTests {
  private func monitor(_ height: Int = 24, _ width: Int = 80, terminal: TerminalSize? = nil) -> Monitor {
    var monitor = Monitor(height, width)
    monitor.add(["x"], terminal: terminal)
    return monitor
  }

  private func numbered(_ count: Int) -> String { (1...count).map { "line \($0)\n" }.joined() }

  @Test func `following shows the end, and scrolling up pauses and counts what is new`() {
    var monitor = monitor()
    monitor.output(numbered(100))
    #expect(monitor.has("line 100") && monitor.has("stdout · 100 lines · FOLLOW"))
    monitor.type("<tab>k")
    #expect(!monitor.has("line 100 ") && monitor.has("line 99") && monitor.has("PAUSED"))
    monitor.output("new\nnewer\n")
    #expect(monitor.has("stdout · 102 lines · PAUSED · 2 new") && !monitor.has("newer"))
    monitor.type("G")
    #expect(monitor.has("newer") && monitor.has("stdout · 102 lines · FOLLOW"))
  }

  @Test func `scrolling down to the end follows again`() {
    var monitor = monitor()
    monitor.output(numbered(100))
    monitor.type("<tab>kkk<^d>")
    #expect(monitor.has("FOLLOW") && !monitor.has("PAUSED"))
  }

  @Test func `a text that fits whole is never paused by scrolling`() {
    var monitor = monitor()
    monitor.output(numbered(3))
    monitor.type("<tab>kkg<pageup>b")
    #expect(!monitor.has("PAUSED"))
    monitor.type("f")
    #expect(monitor.has("PAUSED"))
  }

  @Test func `a zoomed pane, which hides the list, tells the state itself, wherever it was scrolled to`() {
    var monitor = monitor()
    monitor.output(numbered(100))
    monitor.type("<tab>zg")
    #expect(monitor.has("stdout · ● running · 100 lines · PAUSED"))
    monitor.finish(.exited(3))
    #expect(monitor.has("stdout · ✖ failed exit 3 · 100 lines · PAUSED"))
    monitor.send(.resized(rows: 24, columns: 30))
    #expect(monitor.has("stdout · ✖ failed exit 3"))
    monitor.send(.resized(rows: 24, columns: 100))
    monitor.type("z")
    #expect(monitor.has("stdout · 100 lines") && !monitor.has("failed exit 3 · "))
  }

  @Test func `the top is the first line, and pages overlap by one`() {
    var monitor = monitor()
    monitor.output(numbered(100))
    monitor.type("<tab>g")
    #expect(monitor.row(5).hasPrefix("│ line 1 "))
    monitor.type(" ")
    #expect(monitor.row(5).hasPrefix("│ line 16 "), "\(monitor.screen)")
    monitor.type("b")
    #expect(monitor.row(5).hasPrefix("│ line 1 "))
  }

  @Test func `long lines are cut with a mark, scroll sideways, and wrap`() {
    var monitor = monitor(24, 40)
    monitor.output((0..<10).map { String(repeating: String($0), count: 10) }.joined() + "\nshort\n")
    #expect(monitor.row(5) == "│ 000000000011111111112222222222333333›│")
    monitor.type("<tab>l")
    #expect(monitor.row(5) == "│ ‹01111111111222222222233333333334444›│")
    #expect(monitor.row(6) == "│ ‹" + String(repeating: " ", count: 36) + "│")
    monitor.type("$")
    #expect(monitor.row(5).hasPrefix("│ ‹") && monitor.row(5).hasSuffix("9999999999│"))
    monitor.type("0w")
    #expect(monitor.row(5) == "│ 0000000000111111111122222222223333333│")
    #expect(monitor.row(6) == "│↪3334444444444555555555566666666667777│")
    #expect(monitor.row(7).hasPrefix("│↪7777778888888888") && monitor.row(8).hasPrefix("│ short"))
  }

  @Test func `evicted bytes leave a gap line above the kept text`() throws {
    var monitor = monitor()
    monitor.output(numbered(100))
    monitor.evict(.stdout, upTo: 700)
    monitor.type("<tab>g")
    #expect(monitor.row(5).contains("── 700 B evicted ──"))
    let style = monitor.grid[5, 2].style
    #expect(style == Theme.builtIn.style(.gap, depth: .sixteen))
  }

  @Test func `a pane that stood on evicted bytes shows the gap`() {
    var monitor = monitor()
    monitor.output(numbered(100))
    monitor.type("<tab>gj")
    monitor.evict(.stdout, upTo: 700)
    #expect(monitor.row(5).contains("── 700 B evicted ──"))
  }

  @Test func `after the end the pane says how it ended and whether it is complete`() {
    var monitor = monitor()
    monitor.output("a\nb")
    monitor.event(.endOfStream(.stdout))
    monitor.event(.exited(.exited(3)))
    #expect(monitor.has("── exit 3 · draining · stdout complete"))
    monitor.conclude(.exited(3), truncated: .stderr)
    #expect(monitor.has("── exit 3 · 2 lines · complete ──"))
    #expect(monitor.has("── exit 3 · stderr truncated · 0 lines"))
  }

  @Test func `why a start was refused stands in the pane, in as many rows as it takes`() {
    var monitor = monitor(24, 60)
    let reason = "another client attached: a server lets only one client write; use --no-stdin to watch only"
    monitor.send(.unstartable(Monitor.id(1), reason))
    #expect(!monitor.has("another client"))
    monitor.event(.startFailed(.box))
    monitor.conclude(.startFailed(.box))
    #expect(monitor.has("could not start: box not"))
    let rows = (0..<24).map { monitor.row($0) }.filter { $0.hasPrefix("│") && $0.contains("││") }
    let left = rows.map { $0.dropFirst().prefix { $0 != "│" }.trimmingPrefix(" ") }
    let words = left.joined(separator: " ").split(separator: " ").joined(separator: " ")
    #expect(words.contains(reason), "\(monitor.screen)")
    monitor.type("<tab>z")
    #expect(monitor.has("use --no-stdin"))
  }

  @Test func `a command that could not start says why`() {
    var monitor = monitor()
    monitor.event(.startFailed(.notExecutable))
    monitor.conclude(.startFailed(.notExecutable))
    #expect(monitor.has("── could not start: not executable ──") && monitor.has("✖ failed"))
  }

  @Test func `a stalled journal is shown in the list and in the pane`() {
    var monitor = monitor(24, 120)
    monitor.event(.stalled(.stdout, errno: 28))
    #expect(
      monitor.row(2).contains("disk full: the command waits") && monitor.has("── disk full: the command waits ──"))
    monitor.event(.resumed(.stdout))
    #expect(!monitor.has("disk full"))
  }

  @Test func `a terminal has one pane, and says that both streams are in it`() {
    var monitor = monitor(24, 80, terminal: TerminalSize())
    monitor.output("prompt> ")
    #expect(monitor.has("terminal (stdout+stderr merged) · 1 line · FOLLOW") && !monitor.has("stderr ·"))
    monitor.type("<tab><tab>")
    #expect(monitor.model.focus == .list)
  }

  @Test func `standard error has a mark in the gutter and no colour of its own`() {
    var monitor = monitor()
    monitor.output("oops\n", 1, .stderr)
    #expect(monitor.has("│▎oops"))
    let column = 42
    #expect(monitor.grid[5, column].style == Theme.builtIn.style(.text, depth: .sixteen), "\(monitor.row(5))")
  }

  @Test func `colours of the output are kept, and dropped where there are none`() {
    var monitor = monitor()
    monitor.output("\u{1b}[1;31mred\u{1b}[0m\n")
    #expect(monitor.grid[5, 2].style == Style(foreground: .indexed(1), attributes: .bold))
    monitor.model.display.depth = .mono
    #expect(monitor.grid[5, 2].style == Style(attributes: .bold))
  }

  @Test func `hostile output leaves only visible glyphs`() {
    var monitor = monitor()
    monitor.output("\u{1b}]0;title\u{7}\u{1b}[2J\u{1b}[10;10Hx\u{9b}31m\u{202e}abc\u{8}\r\n")
    let bad = monitor.screen.unicodeScalars.filter {
      $0 != "\n" && ($0.value < 0x20 || (0x7F...0x9F).contains($0.value))
    }
    #expect(bad.isEmpty && !monitor.screen.unicodeScalars.contains("\u{202e}"))
  }

  @Test func `panes stand side by side or stacked, and one can have the screen`() {
    var monitor = monitor()
    monitor.type("v")
    #expect(monitor.row(4).contains("stdout") && !monitor.row(4).contains("stderr"))
    monitor.type("v<tab><tab>z")
    #expect(monitor.row(0).contains("stderr") && !monitor.has("execs") && !monitor.has("stdout"))
    monitor.type("<escape>")
    #expect(monitor.has("execs"))
  }
}
