import Cells
import RaceLab
import Testing

@testable import BoxwatchUI

@Suite struct LabKeysTests {
  @Test func `stepping by keys is stepping the session`() throws {
    let scenario = try Scenario(stdout: 2, stderr: 1, waiters: 1, lateWaiter: true)
    for seed in UInt64(1)...20 {
      var dice = SplitMix64(seed: seed)
      var session = LabSession(scenario)
      session.runToEnd(&dice)
      var monitor = Monitor.lab(LabSession(scenario))
      for source in session.taken {
        let number = (scenario.sources.firstIndex(of: source) ?? 0) + 1
        monitor.type("\(number)" + (Bool.random(using: &dice) ? "<enter>" : " "))
      }
      #expect(monitor.session == session, "seed \(seed)")
    }
  }

  @Test func `a step back is as if it had never been taken`() throws {
    let scenario = try Scenario(stdout: 2, stderr: 1, waiters: 1, grandchild: true, deadline: true)
    for seed in UInt64(1)...20 {
      var dice = SplitMix64(seed: seed)
      var monitor = Monitor.lab(LabSession(scenario))
      for count in 0..<12 {
        let number = Int.random(in: 1...scenario.sources.count, using: &dice)
        monitor.type("\(number)")
        let (before, session) = (monitor.grid, monitor.session)
        monitor.type("<enter>")
        guard monitor.session.taken.count > session.taken.count else { continue }
        monitor.type("u")
        #expect(monitor.grid == before && monitor.session == session, "seed \(seed), step \(count)")
        monitor.type("<enter>")
      }
    }
  }

  @Test func `a step that was undone can be repeated, also after a restart`() {
    var monitor = Monitor.lab()
    monitor.type("3<enter>1<enter>2<enter>")
    #expect(monitor.schedule == "o1e1:xoe")
    monitor.type("uu<right>")
    #expect(monitor.schedule == "o1e1:xo")
    monitor.type("r")
    #expect(monitor.schedule == "o1e1:")
    monitor.type("<right><right><right><right>")
    #expect(monitor.schedule == "o1e1:xoe" && monitor.status == " no step was taken back")
    monitor.type("u1<enter><right>")
    #expect(monitor.schedule == "o1e1:xoO")
  }

  @Test func `chance steps the same for the same seed, and ends`() {
    var one = Monitor.lab(seed: 3)
    var other = Monitor.lab(seed: 3)
    one.type("aaaaa")
    other.type("e")
    #expect(one.schedule == other.schedule && one.session.isComplete)
    one.type("a")
    #expect(one.status.contains("everything has happened"))
    #expect(one.schedule == other.schedule)
  }

  @Test func `the next loss is one, and a dispatcher that loses nothing says so`() {
    var monitor = Monitor.lab()
    monitor.type("n")
    let first = monitor.schedule
    #expect(monitor.session.verdicts[0].isLosing && monitor.status.contains("exit-first loses \(first)"))
    monitor.type("n")
    #expect(monitor.session.verdicts[0].isLosing && monitor.schedule != first)
    monitor.type("{")
    #expect(monitor.session.kinds[0] == .drainOrdered)
    let before = monitor.session
    monitor.type("n")
    #expect(monitor.session == before && monitor.status == " drain-ordered loses in no schedule of this scenario")
  }

  @Test func `a search without end gives up and says so`() throws {
    let scenario = try Scenario(stdout: 8, stderr: 8, waiters: 4)
    var monitor = Monitor.lab(LabSession(scenario, kinds: [.drainOrdered, .exitFirst]))
    monitor.type("n")
    #expect(monitor.status.contains("drain-ordered loses in none of the next 100,000 schedules"))
    #expect(monitor.session.taken.isEmpty)
  }

  @Test func `the halves are changed by keys, and go round`() {
    var monitor = Monitor.lab()
    monitor.type("3<enter>")
    for kind in DispatcherKind.allCases.dropFirst() + [.exitFirst] {
      monitor.type("[")
      #expect(monitor.session.kinds == [kind, .drainOrdered] && monitor.session.taken == [.exit])
      #expect(monitor.has("┌ \(kind.name) ─"))
    }
    monitor.type("]")
    #expect(monitor.session.kinds[1] == .exitFirst)
    monitor.type("}")
    #expect(monitor.session.kinds[1] == .drainOrdered)
    // What was given a deadline for fixed-timer keeps it.
    #expect(monitor.session.scenario.hasDeadline)
  }

  @Test func `copying asks for it and shows the text`() {
    var monitor = Monitor.lab()
    #expect(monitor.type("3<enter>y") == [.copy("o1e1:x")])
    #expect(monitor.status.hasPrefix(" o1e1:x  copied"))
  }

  @Test func `a key without a meaning says where the keys are`() {
    var monitor = Monitor.lab()
    monitor.type("Q")
    #expect(monitor.status == " Q does nothing here; ? explains the lab")
    monitor.type("9")
    #expect(monitor.status == " there is no source 9")
  }

  @Test func `leaving goes back to the monitor, or ends the program when the lab is alone`() {
    for key in ["q", "<escape>", "<^c>"] {
      var alone = Monitor.lab()
      #expect(alone.type(key) == [.quit])
      var monitor = Monitor(24, 80)
      monitor.add(["sleep", "9"])
      let before = monitor.screen
      monitor.type("R")
      #expect(monitor.has("race lab"))
      #expect(monitor.type(key).isEmpty && monitor.model.lab == nil)
      #expect(monitor.screen == before)
    }
  }

  @Test func `executions go on behind the lab`() {
    var monitor = Monitor(24, 80)
    monitor.add(["true"])
    monitor.type("R3<enter>")
    monitor.output("hello\n")
    monitor.finish()
    #expect(monitor.has("race lab") && monitor.model.row(Monitor.id(1))?.isDone == true)
    monitor.type("q")
    #expect(monitor.has("hello") && monitor.has("1 done"))
  }

  @Test func `the screen's own keys work in the lab`() {
    var monitor = Monitor.lab()
    #expect(monitor.type("<^l>") == [.redraw])
    #expect(monitor.type("<^z>") == [.suspend])
  }
}
