import BoxwatchUI
import Cells
import ExecModel
import Testing

/// What there is to know of an execution besides its output.
@Suite struct DetailsTests {
  private let web = ClientBox(id: "box-1", name: "web", image: "python:slim", labels: ["b": "2", "a": "1\u{1b}[2J"])

  @Test func `the box, image and labels of a client are shown, and who runs it`() {
    var monitor = Monitor()
    monitor.add(["make", "-j2"], origin: .client, user: "nobody", clientBox: web)
    monitor.type("d")
    for line in [
      "command    make -j2", "box        web, started by a client; it runs in local", "user       nobody",
      "box's id   box-1", "image      python:slim", "label      a=1^[[2J", "           b=2", "process    4711",
      "execution  exec-1",
    ] { #expect(monitor.has(line), "\(line)\n\(monitor.screen)") }
    #expect(monitor.has("execution 1 ") && monitor.status.contains("close"))
    monitor.type("q")
    #expect(!monitor.has("python:slim") && monitor.effects.isEmpty)
  }

  @Test func `a missing field has no line`() {
    var monitor = Monitor()
    monitor.add(["make"])
    monitor.type("d")
    #expect(monitor.has("box        local"))
    for name in ["user  ", "image  ", "label  ", "directory  ", "variable  "] { #expect(!monitor.has(name), "\(name)") }
  }

  @Test func `many labels are scrolled, by key and wheel, and not beyond the last`() {
    var monitor = Monitor(12, 60)
    let labels = Dictionary(uniqueKeysWithValues: (10..<60).map { ("l\($0)", "x") })
    monitor.add(["make"], origin: .client, clientBox: ClientBox(id: "box-1", labels: labels))
    monitor.type("d")
    #expect(monitor.has("l10=x") && !monitor.has("l59=x"))
    monitor.type("G")
    #expect(monitor.has("execution  exec-1") && monitor.has("l59=x") && !monitor.has("l10=x"), "\(monitor.screen)")
    monitor.type("jjj<pagedown>")
    #expect(monitor.has("l59=x"))
    monitor.send(.key(.mouse(.wheelUp, row: 5, column: 5)))
    monitor.type("g")
    #expect(monitor.has("l10=x"))
    monitor.send(.key(.mouse(.wheelDown, row: 5, column: 5)))
    #expect(!monitor.has("command    make"))
  }

  @Test func `without an execution there are none`() {
    var monitor = Monitor()
    monitor.type("d")
    #expect(monitor.status.contains("no execution yet"))
  }
}
