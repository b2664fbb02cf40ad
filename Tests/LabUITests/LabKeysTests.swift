import Cells
import RaceLab
import Testing

@testable import LabUI

@Suite struct LabKeysTests {
  @Test func `stepping by keys is stepping the session`() throws {
    let scenario = try Scenario(stdout: 2, stderr: 1, waiters: 1, lateWaiter: true)
    for seed in UInt64(1)...20 {
      var dice = SplitMix64(seed: seed)
      var session = LabSession(scenario)
      session.runToEnd(&dice)
      var lab = Lab(LabSession(scenario))
      for source in session.taken {
        let number = (scenario.sources.firstIndex(of: source) ?? 0) + 1
        lab.type("\(number)" + (Bool.random(using: &dice) ? "<enter>" : " "))
      }
      #expect(lab.session == session, "seed \(seed)")
    }
  }

  @Test func `a step back is as if it had never been taken`() throws {
    let scenario = try Scenario(stdout: 2, stderr: 1, waiters: 1, grandchild: true, deadline: true)
    for seed in UInt64(1)...20 {
      var dice = SplitMix64(seed: seed)
      var lab = Lab(LabSession(scenario))
      for count in 0..<12 {
        let number = Int.random(in: 1...scenario.sources.count, using: &dice)
        lab.type("\(number)")
        let (before, session) = (lab.grid, lab.session)
        lab.type("<enter>")
        guard lab.session.taken.count > session.taken.count else { continue }
        lab.type("u")
        #expect(lab.grid == before && lab.session == session, "seed \(seed), step \(count)")
        lab.type("<enter>")
      }
    }
  }

  @Test func `a step that was undone can be repeated, also after a restart`() {
    var lab = Lab()
    lab.type("3<enter>1<enter>2<enter>")
    #expect(lab.schedule == "o1e1:xoe")
    lab.type("uu<right>")
    #expect(lab.schedule == "o1e1:xo")
    lab.type("r")
    #expect(lab.schedule == "o1e1:")
    lab.type("<right><right><right><right>")
    #expect(lab.schedule == "o1e1:xoe" && lab.status == " no step was taken back")
    lab.type("u1<enter><right>")
    #expect(lab.schedule == "o1e1:xoO")
  }

  @Test func `chance steps the same for the same seed, and ends`() {
    var one = Lab(seed: 3)
    var other = Lab(seed: 3)
    one.type("aaaaa")
    other.type("e")
    #expect(one.schedule == other.schedule && one.session.isComplete)
    one.type("a")
    #expect(one.status.contains("everything has happened"))
    #expect(one.schedule == other.schedule)
  }

  @Test func `the next loss is one, and a dispatcher that loses nothing says so`() {
    var lab = Lab()
    lab.type("n")
    let first = lab.schedule
    #expect(lab.session.verdicts[0].isLosing && lab.status.contains("exit-first loses \(first)"))
    lab.type("n")
    #expect(lab.session.verdicts[0].isLosing && lab.schedule != first)
    lab.type("{")
    #expect(lab.session.kinds[0] == .drainOrdered)
    let before = lab.session
    lab.type("n")
    #expect(lab.session == before && lab.status == " drain-ordered loses in no schedule of this scenario")
  }

  @Test func `a search without end gives up and says so`() throws {
    let scenario = try Scenario(stdout: 8, stderr: 8, waiters: 4)
    var lab = Lab(LabSession(scenario, kinds: [.drainOrdered, .exitFirst]))
    lab.type("n")
    #expect(lab.status.contains("drain-ordered loses in none of the next 100,000 schedules"))
    #expect(lab.session.taken.isEmpty)
  }

  @Test func `the halves are changed by keys, and go round`() {
    var lab = Lab()
    lab.type("3<enter>")
    for kind in DispatcherKind.allCases.dropFirst() + [.exitFirst] {
      lab.type("[")
      #expect(lab.session.kinds == [kind, .drainOrdered] && lab.session.taken == [.exit])
      #expect(lab.has("┌ \(kind.name) ─"))
    }
    lab.type("]")
    #expect(lab.session.kinds[1] == .exitFirst)
    lab.type("}")
    #expect(lab.session.kinds[1] == .drainOrdered)
    // What was given a deadline for fixed-timer keeps it.
    #expect(lab.session.scenario.hasDeadline)
  }

  @Test func `copying asks for it and shows the text`() {
    var lab = Lab()
    #expect(lab.type("3<enter>y") == [.copy("o1e1:x")])
    #expect(lab.status.hasPrefix(" o1e1:x  copied"))
  }

  @Test func `a key without a meaning says where the keys are`() {
    var lab = Lab()
    lab.type("Q")
    #expect(lab.status == " Q does nothing here; ? explains the lab")
    lab.type("9")
    #expect(lab.status == " there is no source 9")
  }

  @Test func `leaving asks for it`() {
    for key in ["q", "<escape>", "<^c>"] {
      var lab = Lab()
      #expect(lab.type(key) == [.hold(.end), .leave])
    }
  }

  @Test func `the screen's own keys work in the lab`() {
    var lab = Lab()
    #expect(lab.type("<^l>") == [.redraw])
    #expect(lab.type("<^z>") == [.suspend])
  }
}
