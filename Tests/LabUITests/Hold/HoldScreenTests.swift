import Cells
import ExecModel
import LabUI
import RaceLab
import Testing

@Suite struct HoldScreenTests {
  @Test func `the exit let go first is lost on the left and held back on the right`() {
    let lab = Lab.holding(Held.lost)
    #expect(
      lab.screen == """
         race lab   holding a real exec   $ sh -c 'echo first-output && exit 0'
        ┌ gates · process 4711 ────────────────────────────────────────────────────────┐
        │ 1 stdout ■ held █░░░░░░░░░░░░░░░░░░░ 13 of 65,536 bytes, end waits           │
        │ 2 stderr ■ held ░░░░░░░░░░░░░░░░░░░░ 0 of 65,536 bytes, end waits            │
        │ 3 exit   □ open exit 0, reported to the dispatchers                          │
        │   process ✔ exited (zombie)                                                  │
        └──────────────────────────────────────────────────────────────────────────────┘
        ┌ exit-first ──────────────────────────┐┌ boxwatch (drain-ordered) ────────────┐
        │ ✖ done, exit 0, 13 bytes lost        ││ ◐ held back: stdout and stderr open  │
        │ told ▲ Exit: exit 0                  ││ told nothing                         │
        │ has  nothing                         ││ has  nothing                         │
        │ lost ✖ still in the kernel's pipe    ││                                      │
        │                                      ││                                      │
        │                                      ││                                      │
        │                                      ││                                      │
        │                                      ││                                      │
        └──────────────────────────────────────┘└──────────────────────────────────────┘
        ┌ what really happened ────────────────────────────────────────────────────────┐
        │ 1.2 ms started, process 4711 → 2.5 ms process ended: exit 0 →                │
        │ 510.6 ms you release exit → 510.6 ms exit-first reports the end              │
        │                                                                              │
        │                                                                              │
        └──────────────────────────────────────────────────────────────────────────────┘
         1 stdout  2 stderr  3 exit  a all  r again  n command  [ left  h step  ? help
        """)
  }

  @Test func `a full pipe and a blocked command are shown as such`() {
    let lab = Lab.holding(Held.full)
    #expect(lab.has("■ held ████████████████████ 65,536 of 65,536 bytes, full"))
    #expect(lab.has("■ blocked in write to stdout (process 4712)"))
    #expect(lab.has("3 exit   □ open the process has not exited"))
  }

  @Test(arguments: [UInt64(0), 1, 3276, 32768, 65535, 65536])
  func `the gauge is full only for a full pipe, and empty only for an empty one`(unread: UInt64) {
    var snapshot = Held.exited
    snapshot.pipes.stdout.unread = unread
    let cells = Lab.holding(snapshot).row(2).count { $0 == "█" }
    #expect((cells == 20) == (unread == 65536))
    #expect((cells == 0) == (unread == 0))
  }

  @Test func `output that came too late for the user is shown as lost`() {
    var snapshot = Held.lost
    snapshot.sides[0].lostLines = ["first-output"]
    let lab = Lab.holding(snapshot)
    #expect(lab.has("lost ✖ first-output"))
  }

  @Test func `without UTF-8 the page has only ASCII`() {
    for snapshot in [Held.lost, Held.full] {
      var snapshot = snapshot
      snapshot.sides[0].lostLines = ["gone"]
      let lab = Lab.holding(snapshot, isUTF8: false)
      #expect(lab.screen.utf8.allSatisfy { $0 < 0x80 }, "\(lab.screen)")
    }
  }

  @Test(arguments: [(15, 60), (17, 60), (24, 80), (50, 200)])
  func `both verdicts and all gates are in sight`(height: Int, width: Int) {
    let lab = Lab.holding(Held.lost, height, width)
    for words in ["1 stdout", "2 stderr", "3 exit", "13 bytes lost", "held back: stdout", "exited (zombie)"] {
      #expect(lab.has(words), "\(words) at \(width)x\(height)")
    }
  }

  @Test func `a command's text cannot reach the terminal as anything but text`() {
    var snapshot = Held.lost
    snapshot.sides[5].lines.stdout = ["\u{1b}[2J\u{7}\u{9b}31m"]
    let grid = Lab.holding(snapshot).grid
    #expect(grid.cells.allSatisfy { $0.width == 0 || $0.scalars[0] >= 0x20 })
  }

  @Test(arguments: [60, 80])
  func `a long reason why a command did not start is shown to its end`(width: Int) {
    var lab = Lab.holding()
    lab.send(.resized(rows: 24, columns: width))
    lab.send(
      .holdRefused("'/etc/passwd' cannot be executed by this user: chmod +x, or run it with its interpreter"))
    #expect(lab.has("'/etc/passwd' cannot be") && lab.has("interpreter"))
    #expect(lab.has("next example"))
  }
}
