import BoxwatchUI
import Cells
import ExecModel
import Testing

@Suite struct PickerTests {
  private func entry(
    _ number: Int, _ title: String, _ state: Standing = .running, place: String = "monitor 4711"
  )
    -> PickerEntry
  {
    PickerEntry(
      target: .journal(Monitor.id(number), folder: "/state/\(number)"), state: state, age: 41_000_000_000, box: "local",
      place: place, title: title)
  }

  private var done: Standing { .done(Conclusion(outcome: Outcome(status: .exited(0)))) }

  private func opened(_ entries: [PickerEntry], _ height: Int = 24, _ width: Int = 100) -> Monitor {
    var monitor = Monitor(height, width)
    monitor.type("a")
    monitor.send(.listing(entries))
    return monitor
  }

  private func target(_ number: Int) -> Effect { .attach(.journal(Monitor.id(number), folder: "/state/\(number)")) }

  @Test func `opening asks for the list, and each second asks again when it has come`() {
    var monitor = Monitor()
    #expect(monitor.type("a") == [.listExecutions] && monitor.has("looking..."))
    #expect(monitor.send(.tick(now: 1, clock: "14:02:12")) == [])
    monitor.send(.listing([]))
    #expect(monitor.send(.tick(now: 2, clock: "14:02:12")) == [], "the second is not over")
    #expect(monitor.send(.tick(now: 3, clock: "14:02:13")) == [.listExecutions])
    monitor.send(.listing([]))
    monitor.type("<escape>")
    #expect(monitor.send(.tick(now: 4, clock: "14:02:14")) == [] && monitor.model.dialog == nil)
  }

  @Test func `the list has state, age, box, place and command, what runs first`() {
    let monitor = opened([
      entry(3, "old", done, place: "journal"), entry(2, "make -j2"), entry(1, "gone", .interrupted),
    ])
    #expect(
      monitor.row(4).contains("▸ ● running             41 s ago  local  monitor 4711  make -j2"), "\(monitor.screen)")
    #expect(monitor.row(5).contains("✔ done        exit 0  41 s ago  local  journal       old"))
    #expect(monitor.row(6).contains("† interrupted         41 s ago"))
    #expect(monitor.status.contains("Enter attach") && monitor.status.contains("Esc leave"))
  }

  @Test func `arrows choose, Enter attaches, and the row that comes is selected`() {
    var monitor = opened([entry(7, "a"), entry(8, "b"), entry(9, "c")])
    #expect(monitor.type("<down><down><down><up><enter>") == [target(8)] && monitor.model.dialog == nil)
    monitor.add(["x"])
    monitor.add(["y"])
    #expect(monitor.model.selection == 0)
  }

  @Test func `a failed attach is reported, and selects nothing later`() {
    var monitor = opened([entry(7, "a")])
    monitor.add(["x"])
    monitor.type("<enter>")
    monitor.send(.startRefused("the journal cannot be read"))
    #expect(monitor.status.contains("the journal cannot be read"))
    monitor.add(["y"])
    #expect(monitor.model.selection == 0)
  }

  @Test func `what is on the screen already is selected and not attached to twice`() {
    var monitor = Monitor()
    monitor.add(["x"])
    monitor.add(["y"])
    monitor.type("a")
    monitor.send(.listing([entry(2, "y")]))
    #expect(monitor.type("<enter>") == [] && monitor.model.selection == 1 && monitor.model.rows.count == 2)
  }

  @Test func `typing narrows the list down by any column, and Backspace widens it`() {
    var monitor = opened([entry(1, "make test"), entry(2, "npm test", done, place: "journal"), entry(3, "make all")])
    monitor.type("make tes")
    #expect(monitor.has("find: make tes") && monitor.has("1 of 3") && !monitor.has("npm"))
    monitor.type("<^u>JOURNAL")
    #expect(monitor.has("npm test") && monitor.type("<enter>") == [target(2)])
    var none = opened([entry(1, "make")])
    none.type("q")
    #expect(none.has("no match for 'q': ^U shows all") && none.type("<enter>") == [] && none.model.dialog != nil)
    none.type("<backspace>")
    #expect(none.has("running"))
  }

  @Test func `a refresh keeps what is chosen, wherever it stands then`() {
    var monitor = opened([entry(1, "a"), entry(2, "b"), entry(3, "c")])
    monitor.type("<down>")
    monitor.send(.listing([entry(5, "e"), entry(4, "d"), entry(3, "c"), entry(2, "b", done), entry(1, "a")]))
    var same = monitor
    #expect(same.type("<enter>") == [target(2)])
    monitor.send(.listing([entry(5, "e"), entry(4, "d"), entry(3, "c"), entry(1, "a")]))
    #expect(monitor.type("<enter>") == [target(1)], "it has gone: the last one took its place")
  }

  @Test func `an empty list says what to do`() {
    #expect(
      opened([]).has("nothing is running elsewhere, and there are no journals: Esc leaves, and n starts a command"))
  }

  @Test func `narrow screens drop columns, and the chosen entry stays in sight in a long list`() {
    var monitor = opened((1...99).map { entry($0, "job \($0)") }, 12, 44)
    #expect(monitor.has("● running") && monitor.has("job 1"), "\(monitor.screen)")
    monitor.type("<end>")
    #expect(monitor.has("job 99") && !monitor.has("job 1 "))
    monitor.type("<pageup><pageup><home>")
    #expect(monitor.has("job 1"))
    monitor.send(.resized(rows: 5, columns: 20))
    #expect(monitor.screen.split(separator: "\n").count == 5)
  }

  @Test func `a click chooses, a second one attaches`() {
    var monitor = opened([entry(1, "a"), entry(2, "b")])
    #expect(monitor.send(.key(.mouse(.press, row: 5, column: 20))) == [])
    #expect(monitor.send(.key(.mouse(.press, row: 5, column: 20))) == [target(2)])
  }
}
