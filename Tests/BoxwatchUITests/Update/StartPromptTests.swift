import BoxwatchUI
import Cells
import ExecModel
import Testing

@Suite struct StartPromptTests {
  private let boxes = [BoxChoice(name: "local"), BoxChoice(name: "bwrap")]

  private func request(_ command: [String], _ text: String, box: String = "local", input: Bool = false) -> Effect {
    .start(StartRequest(text: text, command: command, box: box, terminal: nil, wantsInput: input))
  }

  @Test func `a typed command starts in the chosen box`() {
    var monitor = Monitor(boxes: boxes)
    #expect(monitor.type("necho 'a b'<enter>") == [request(["echo", "a b"], "echo 'a b'")])
    #expect(monitor.type("nls<tab><^o><enter>") == [request(["ls"], "ls", box: "bwrap", input: true)])
  }

  @Test func `a terminal gets the size of the panes' place`() {
    var monitor = Monitor(24, 100, boxes: boxes)
    let effects = monitor.type("ntop<^t><enter>")
    guard case .start(let request) = effects.first else {
      Issue.record("no start")
      return
    }
    #expect(request.terminal == TerminalSize(rows: 16, columns: 97), "\(String(describing: request.terminal))")
  }

  @Test func `a started command is selected when it comes, one that came by itself is not`() {
    var monitor = Monitor(boxes: boxes)
    monitor.add(["a"])
    monitor.add(["b"])
    #expect(monitor.model.selection == 0)
    monitor.type("nc<enter>")
    monitor.add(["c"])
    #expect(monitor.model.selection == 2)
  }

  @Test func `a command that cannot be started is reported in the prompt, which stays open`() {
    var monitor = Monitor(boxes: boxes)
    #expect(monitor.type("n<enter>") == [] && monitor.has("type a command and its arguments"))
    #expect(monitor.type("echo 'a<enter>") == [] && monitor.has("a ' is not closed"))
    monitor.type("'")
    #expect(!monitor.has("is not closed"))
  }

  @Test func `commands that were typed come back from the history`() {
    var monitor = Monitor(boxes: boxes)
    monitor.type("nfirst<enter>nsecond<enter>")
    #expect(monitor.type("n<up><up><enter>") == [request(["first"], "first")])
  }

  @Test func `a refused start is reported`() {
    var monitor = Monitor(boxes: boxes)
    monitor.type("nx<enter>")
    monitor.send(.startRefused("bwrap is not installed"))
    #expect(monitor.status.contains("bwrap is not installed"))
    monitor.add(["other"])
    monitor.add(["y"])
    #expect(monitor.model.selection == 0)
  }

  @Test func `the cursor stands behind what was typed, also when the line is longer than the prompt`() {
    var monitor = Monitor(24, 80)
    monitor.type("nab")
    #expect(monitor.grid.cursor != nil)
    let before = monitor.grid.cursor
    monitor.type("日")
    #expect(monitor.grid.cursor?.column == (before?.column ?? 0) + 2)
    monitor.send(.key(.paste(String(repeating: "long ", count: 100))))
    #expect((monitor.grid.cursor?.column ?? 99) < 79)
  }
}
