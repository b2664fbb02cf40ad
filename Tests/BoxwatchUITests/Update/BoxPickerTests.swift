import BoxwatchUI
import Cells
import ExecModel
import Testing

@Suite struct BoxPickerTests {
  private let local = BoxChoice(
    name: "local", kind: "built in", detail: "this host", missing: [.killAll: "a kill reaches the process group"])
  private let bwrap = BoxChoice(name: "bwrap", kind: "built in", detail: "a sandbox", takesOptions: true)
  private let web = BoxChoice(name: "docker:web", kind: "container", detail: "alpine, up")
  private let podman = BoxChoice(name: "podman", kind: "engine", problem: "no server listens at /run/podman.sock")

  private func start(_ box: String, options: [String] = []) -> Effect {
    .start(StartRequest(text: "ls", command: ["ls"], box: box, options: options, terminal: nil, wantsInput: false))
  }

  /// A monitor with the list open, in which everything was found.
  private func monitor(_ height: Int = 24, _ width: Int = 100) -> Monitor {
    var monitor = Monitor(height, width, boxes: [local, bwrap])
    let effects = monitor.type("nls<^x>")
    #expect(effects == [.listBoxes])
    monitor.send(.boxes([bwrap, local, web, podman], isComplete: true))
    return monitor
  }

  @Test func `the list has every box that is found, the default first, and what each can do`() {
    var monitor = monitor()
    let names = (0..<24).map { monitor.row($0) }.filter { $0.contains("kill-all") || $0.contains("not usable") }
    #expect(names.map { $0.contains("local") } == [true, false, false, false])
    #expect(names[0].contains("-kill-all") && names[1].contains(" kill-all") && names[3].contains("podman"))
    #expect(!monitor.has("looking for more") && monitor.has("built in: this host"))
    for ability in ["tty", "stdin", "signals", "resize", "reattach", "usage"] {
      #expect(names[2].contains(" " + ability))
    }
    monitor.type("<down><down>")
    #expect(monitor.has("container: alpine, up"))
  }

  @Test func `a chosen box is the prompt's, whose command is still there`() {
    var monitor = monitor()
    monitor.type("<down><down><enter>")
    #expect(monitor.has("start a command") && monitor.has("box docker:web") && monitor.has("container: alpine, up"))
    #expect(monitor.type("<enter>") == [start("docker:web")])
  }

  @Test func `leaving the list changes nothing`() {
    var monitor = monitor()
    monitor.type("<down><escape>")
    #expect(monitor.type("<enter>") == [start("local")])
  }

  @Test func `typing narrows the list down, and a text without a match is used as a name`() {
    var monitor = monitor()
    monitor.type("alpine")
    #expect(monitor.has("docker:web") && !monitor.has("bwrap "))
    #expect(monitor.type("<enter><enter>") == [start("docker:web")])
    var other = self.monitor()
    other.type("boxlite://far/web")
    #expect(other.has("uses 'boxlite://far/web' as typed"))
    #expect(other.type("<enter><enter>") == [start("boxlite://far/web")])
  }

  @Test func `a key shows why abilities are grey`() {
    var monitor = monitor()
    #expect(!monitor.has("no kill-all:"))
    monitor.type("?")
    #expect(monitor.has("no kill-all: a kill reaches the process group"))
    monitor.type("<down>")
    #expect(monitor.has("bwrap can do everything"))
    monitor.type("?")
    #expect(!monitor.has("can do everything"))
  }

  @Test func `a box that cannot be used says why and is not taken`() {
    var monitor = monitor()
    monitor.type("<end>")
    #expect(monitor.has("not usable: no server listens"))
    monitor.type("<enter>")
    #expect(monitor.status.contains("podman cannot be used: no server listens") && !monitor.has("start a command"))
    // Nor does the key for the next one stand at it.
    monitor.type("<escape><tab><tab><tab>")
    #expect(monitor.has("box local"))
  }

  @Test func `the chosen box stays chosen when others are found`() {
    var monitor = Monitor(boxes: [local, bwrap])
    monitor.type("nls<^x><down>")
    #expect(monitor.has("looking for more..."))
    monitor.send(.boxes([local, web, bwrap], isComplete: false))
    #expect(monitor.has("looking for more") && monitor.has("built in: a sandbox"))
    #expect(monitor.type("<enter><enter>") == [start("bwrap")])
  }

  @Test func `a click chooses, a second one takes`() {
    var monitor = monitor()
    let rows = (0..<24).filter { monitor.row($0).contains("docker:web") }
    let row = rows.first ?? 0
    monitor.send(.key(.mouse(.press, row: row, column: 20)))
    #expect(monitor.has("container: alpine, up"))
    monitor.send(.key(.mouse(.press, row: row, column: 20)))
    #expect(monitor.has("start a command") && monitor.has("box docker:web"))
  }

  @Test(arguments: [(1, 1), (3, 20), (8, 40), (15, 60), (24, 80), (60, 200)])
  func `the list fits every screen`(height: Int, width: Int) {
    var monitor = monitor(height, width)
    for key in ["?", "<down>", "<pagedown>", "x", "<^u>", "<end>"] {
      monitor.type(key)
      #expect(monitor.grid.height == height)
    }
  }

  @Test func `a sandbox's options are typed as on a command line, and others have none`() {
    var monitor = Monitor(boxes: [local, bwrap])
    monitor.type("nls")
    #expect(monitor.has("options: none in this box"))
    monitor.type("<^s>")
    #expect(monitor.has("are for a throw-away sandbox: choose bwrap"))
    monitor.type("<tab>")
    #expect(monitor.has("options --bind HOST:BOX"))
    monitor.type("<^s>--net --bind '/a b:/tmp/x'")
    #expect(monitor.has("$ ls") && monitor.has("options --net --bind '/a b:/tmp/x'"))
    #expect(monitor.type("<enter>") == [start("bwrap", options: ["--net", "--bind", "/a b:/tmp/x"])])
    // They come back by themselves, for the box that takes them.
    #expect(monitor.type("nls<tab><^s><up><enter>") == [start("bwrap", options: ["--net", "--bind", "/a b:/tmp/x"])])
  }

  @Test func `options are not sent to a box that takes none`() {
    var monitor = Monitor(boxes: [local, bwrap])
    #expect(monitor.type("nls<tab><^s>--net<tab><enter>") == [start("local")])
  }

  @Test func `a refused start comes back with what was typed, and says why`() {
    var monitor = Monitor(boxes: [local, bwrap])
    monitor.type("nls<tab><^s>--memory 1<enter>")
    #expect(!monitor.has("start a command"))
    monitor.send(.startRefused("'1' is not an amount of memory"))
    #expect(
      monitor.has("start a command") && monitor.has("'1' is not an amount of memory") && monitor.has("--memory 1"))
    #expect(monitor.type("G<enter>") == [start("bwrap", options: ["--memory", "1G"])])
    monitor.add(["ls"])
    monitor.send(.startRefused("cannot attach"))
    #expect(!monitor.has("start a command"))
  }
}
