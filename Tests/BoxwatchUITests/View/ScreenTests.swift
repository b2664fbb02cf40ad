import BoxwatchUI
import Cells
import ExecModel
import Testing

@Suite struct ScreenTests {
  /// One execution that is over, one that drains, one that runs.
  private func three(_ height: Int, _ width: Int, isUTF8: Bool = true) -> Monitor {
    var monitor = Monitor(height, width, isUTF8: isUTF8)
    monitor.add(["make", "-j2"])
    monitor.output("compiled\n", 1)
    monitor.finish(.exited(0), 1)
    monitor.add(["sh", "-c", "sleep 60 & echo hi"], box: "web")
    monitor.output("hi\n", 2)
    monitor.event(.endOfStream(.stderr), 2)
    monitor.event(.exited(.exited(0)), 2)
    monitor.send(
      .holders(Monitor.id(2), [PipeHolder(processIdentifier: 4711, command: "sleep 60", streams: .stdout)]))
    monitor.add(["pytest", "-q"], box: "web")
    monitor.output("one\ntwo\n", 3)
    monitor.output("oh\n", 3, .stderr)
    monitor.send(.tick(now: 12_000_000_000, clock: "14:02:11"))
    monitor.type("3")
    return monitor
  }

  @Test func `the whole screen, as the architecture draws it`() {
    let expected = """
       boxwatch   3 execs: 1 running, 1 draining, 1 done                              theme built-in  14:02:11
      ┌ execs ────────────────────────────────────────────────────────────────────────────────────────────────┐
      │▸ 3 ● running           web   pytest -q                      00:12        3 lines     11 B       0 B/s │
      │  2 ◐ draining  exit 0  web   sh -c 'sleep 60 & echo hi'     00:12   stdout held by 4711               │
      │  1 ✔ done      exit 0  local make -j2                       00:03         1 line      9 B             │
      └───────────────────────────────────────────────────────────────────────────────────────────────────────┘
      ┌ stdout · 2 lines · FOLLOW ────────────────────────┐┌ stderr · 1 line · FOLLOW ────────────────────────┐
      │ one                                               ││▎oh                                               │
      │ two                                               ││                                                  │
      │                                                   ││                                                  │
      │                                                   ││                                                  │
      │                                                   ││                                                  │
      │                                                   ││                                                  │
      │                                                   ││                                                  │
      │                                                   ││                                                  │
      └───────────────────────────────────────────────────┘└──────────────────────────────────────────────────┘
       out ────────────────────  err ────────────────────  exit ────────────────────  Exit ·  Wait ·  running
       Tab pane  f follow  / search  w wrap  z zoom  n new  x signal  K kill  ? help  q quit  a attach  R race
      """
    #expect(three(18, 105).screen == expected)
  }

  @Test func `without UTF-8 everything is ASCII`() {
    for size in [(24, 110), (30, 200), (8, 40)] {
      var monitor = three(size.0, size.1, isUTF8: false)
      for keys in ["1", "2", "3<tab>", "?", "<escape>x", "<escape>q"] {
        monitor.type(keys)
        let foreign = monitor.screen.unicodeScalars.filter { !$0.isASCII }
        #expect(foreign.isEmpty, "\(monitor.screen)")
      }
    }
  }

  @Test func `the smallest screen has the execution, its output and the keys`() {
    let expected = """
      ▸ 3 ● running   pyt
       stdout · FOLLOW ───
       one
       two
       Tab pane  f follow
      """
    #expect(three(5, 20).screen == expected)
  }

  @Test func `below that there is one sentence`() {
    #expect(three(4, 80).screen.contains("boxwatch needs 20x5"))
    #expect(three(24, 19).screen.contains("boxwatch needs 20x5"))
    #expect(three(0, 0).screen == "")
  }

  @Test func `an empty monitor says how to start something`() {
    #expect(Monitor(24, 80).has("nothing runs here yet: n starts a command, a attaches to one"))
    #expect(Monitor(24, 80).has("no execs"))
  }

  @Test func `names and titles that would take over the terminal are shown as text`() {
    var monitor = Monitor(24, 100)
    monitor.add(["\u{1b}]52;c;aGk=\u{7}", "\u{202e}evil", "a\nb"], box: "b\u{9b}2J")
    monitor.type("1")
    let hostile = monitor.screen.unicodeScalars.filter {
      $0 != "\n" && ($0.value < 0x20 || (0x7F...0x9F).contains($0.value) || $0.value == 0x202E)
    }
    #expect(hostile.isEmpty)
    #expect(monitor.has("^[]52"))
  }

  @Test func `wide command names are cut by columns`() {
    var monitor = Monitor(24, 80)
    monitor.add([String(repeating: "日本", count: 60)])
    let grid = monitor.grid
    for row in 0..<grid.height {
      #expect(TextWidth.columns(of: grid.text(row: row)) == 80, "\(grid.text(row: row))")
    }
  }
}
