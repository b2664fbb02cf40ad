import BoxwatchUI
import Cells
import ExecModel
import TestSupport
import Testing
import Widgets

@Suite struct ActionTests {
  private let one = Monitor.id(1)

  private func running(_ count: Int = 1, input: ExecutionSpec.Input = .closed) -> Monitor {
    var monitor = Monitor()
    for _ in 0..<count { monitor.add(["x"], input: input) }
    return monitor
  }

  @Test func `the signal menu sends what is chosen by arrows, name or number`() {
    var monitor = running()
    #expect(monitor.type("x<enter>") == [.signal(one, .terminate)])
    #expect(monitor.type("x<down><up><up><enter>") == [.signal(one, Signal(number: 14))])
    #expect(monitor.type("xhup<enter>") == [.signal(one, .hangUp)])
    #expect(monitor.type("x9<enter>") == [.signal(one, .kill)])
    #expect(monitor.type("x<escape>") == [] && monitor.model.dialog == nil)
  }

  @Test func `K closes by force, and asks first when several run`() {
    var one = running()
    #expect(one.type("K") == [.forceClose(self.one)])
    var two = running(2)
    #expect(two.type("K") == [] && two.has("Close execution 1 by force?"))
    #expect(two.type("<enter>") == [] && two.model.dialog == nil)
    #expect(two.type("Ky") == [.forceClose(self.one)])
    #expect(two.type("K<tab><enter>") == [.forceClose(self.one)])
  }

  @Test func `a draining execution's streams can be given up, no other's`() {
    var monitor = running()
    #expect(monitor.type("D") == [] && monitor.status.contains("only a draining execution"))
    monitor.event(.exited(.exited(0)))
    #expect(monitor.type("D") == [.release(one)])
    monitor.conclude()
    #expect(monitor.type("D") == [] && monitor.status.contains("over"))
  }

  @Test func `a signal still reaches what is left of a draining execution's group`() {
    var monitor = running()
    monitor.event(.exited(.exited(0)))
    #expect(monitor.type("x9<enter>") == [.signal(one, .kill)])
    monitor.conclude()
    #expect(monitor.type("x") == [] && monitor.status.contains("has ended"))
  }

  @Test func `lines go to standard input, and Ctrl-D ends it`() {
    var monitor = running(input: .pipe)
    #expect(monitor.type("ihello<enter>") == [.write(one, Array("hello\n".utf8))])
    #expect(monitor.has("stdin of 1 (1 waiting)> "))
    monitor.send(.inputTaken(one))
    #expect(monitor.has("stdin of 1> "))
    #expect(monitor.type("tail<^d>") == [.write(one, Array("tail".utf8)), .closeInput(one)])
    #expect(monitor.type("i") == [] && monitor.status.contains("standard input of execution 1 is closed"))
  }

  @Test func `a terminal can be written to after its end of file`() {
    var monitor = Monitor()
    monitor.add(["sh"], terminal: TerminalSize())
    #expect(monitor.type("i<^d>") == [.closeInput(one)])
    monitor.type("i")
    #expect(monitor.type("ls<enter>") == [.write(one, Array("ls\n".utf8))])
  }

  @Test func `a paste of several lines waits for Enter`() {
    var monitor = running(input: .pipe)
    monitor.type("i")
    #expect(monitor.send(.key(.paste("a\r\nb"))) == [])
    #expect(monitor.has("a^Jb"))
    #expect(monitor.type("<enter>") == [.write(one, Array("a\nb\n".utf8))])
  }

  @Test func `input to an execution that has just ended is refused`() {
    var monitor = running(input: .pipe)
    monitor.type("ihello")
    monitor.finish()
    #expect(monitor.type("<enter>") == [] && monitor.model.dialog == nil && monitor.status.contains("over"))
  }

  @Test func `quitting asks only when something of ours still runs`() {
    var empty = Monitor()
    #expect(empty.type("q") == [.quit])
    var monitor = running()
    #expect(monitor.type("q") == [] && monitor.has("kill and quit") && monitor.has("[stay]"))
    #expect(monitor.type("<enter>") == [] && monitor.model.dialog == nil)
    #expect(monitor.type("qn") == [] && monitor.type("q<escape>") == [])
    #expect(monitor.type("qy") == [.quit])
    #expect(monitor.type("<^c>") == [] && monitor.type("<^c>") == [.quit])
    monitor.event(.exited(.exited(0)))
    #expect(monitor.type("q") == [], "draining is not over")
    monitor.type("n")
    monitor.conclude()
    #expect(monitor.type("q") == [.quit])
  }

  @Test func `suspending and redrawing are effects`() {
    var monitor = Monitor()
    #expect(monitor.type("<^z><^l>") == [.suspend, .redraw])
  }

  @Test func `a key without a meaning and a key without a use say so`() {
    var monitor = Monitor()
    #expect(monitor.type("x") == [] && monitor.status.contains("no execution yet: n starts one"))
    monitor.type("Q")
    #expect(monitor.status.contains("Q does nothing here; ? shows the keys"))
    monitor.type("7")
    #expect(monitor.status.contains("there is no execution 7"))
    monitor.add(["x"])
    monitor.type("l")
    #expect(monitor.status.contains("Tab moves into a pane first"))
    monitor.type("<tab>wl")
    #expect(monitor.status.contains("long lines are wrapped; w cuts them"))
    monitor.type("t")
    #expect(monitor.status.contains("no themes"))
  }

  @Test func `a box that cannot do something says so`() {
    var monitor = Monitor(boxes: [BoxChoice(name: "ssh", missing: [.terminal: "x", .input: "y", .signals: "z"])])
    monitor.add(["x"], box: "ssh", input: .pipe)
    monitor.type("x")
    #expect(monitor.status.contains("the box ssh cannot deliver signals: z"))
    monitor.type("i")
    #expect(monitor.status.contains("the box ssh takes no input: y"))
    monitor.type("n<^t>")
    #expect(monitor.has("the box ssh has no terminals: x") && monitor.has("pipes"))
  }

  @Test func `a notice goes after some seconds`() {
    var monitor = Monitor()
    monitor.send(.notice("the disk is full", isError: true))
    #expect(monitor.status.contains("the disk is full"))
    monitor.send(.tick(now: 7_000_000_000, clock: ""))
    #expect(!monitor.status.contains("the disk is full"))
  }

  @Test func `themes are tried while they are chosen, and come back when the menu is left`() throws {
    var monitor = Monitor()
    monitor.model.themes = try ["terminal", "nord", "mono"].map(ShippedThemes.theme)
    monitor.type("tn")
    #expect(monitor.model.theme.name == "nord")
    monitor.type("<escape>")
    #expect(monitor.model.theme.name == "built-in")
    monitor.type("t<end><enter>")
    #expect(monitor.model.theme.name == "mono" && monitor.model.dialog == nil)
  }
}
