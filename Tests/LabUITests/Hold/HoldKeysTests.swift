import Cells
import ExecModel
import RaceLab
import Testing
import Widgets

@testable import LabUI

@Suite struct HoldKeysTests {
  @Test func `the page asks for a command first, and Enter starts the one of the report`() {
    var lab = Lab.holding()
    #expect(lab.has("$ sh -c 'echo first-output && exit 0'"))
    #expect(lab.type("<enter>") == [.hold(.start(["sh", "-c", "echo first-output && exit 0"]))])
    #expect(lab.model.dialog == nil)
  }

  @Test func `Tab and the history offer the command that fills its pipe`() {
    var lab = Lab.holding()
    #expect(lab.type("<tab><enter>") == [.hold(.start(["seq", "1", "200000"]))])
    lab = Lab.holding()
    #expect(lab.type("<up><up><enter>") == [.hold(.start(["seq", "1", "200000"]))])
  }

  @Test func `h opens the page from the steps and goes back, with the left dispatcher of there`() {
    var lab = Lab(LabSession(kinds: [.fixedTimer, .drainOrdered]))
    lab.type("h")
    #expect(lab.model.page == .holding)
    #expect(lab.model.hold.left == .fixedTimer)
    lab.type("<escape>h")
    #expect(lab.model.page == .stepping)
  }

  @Test func `each gate has its digit and its letter`() {
    var lab = Lab.holding(Held.exited)
    for (keys, gate) in [("1o", HeldGate.stdout), ("2e", .stderr), ("3x", .exit)] {
      #expect(lab.type(keys) == [.hold(.toggle(gate)), .hold(.toggle(gate))])
    }
    #expect(lab.type("a") == [.hold(.releaseAll)])
    #expect(lab.type("r") == [.hold(.start(["sh", "-c", "echo first-output && exit 0"]))])
  }

  @Test func `a press on a gate's line toggles it, and one on the left title changes the dispatcher`() {
    var lab = Lab.holding(Held.exited)
    #expect(lab.send(.key(.mouse(.press, row: 4, column: 10))) == [.hold(.toggle(.exit))])
    #expect(lab.send(.key(.mouse(.press, row: 5, column: 10))).isEmpty)
    lab.send(.key(.mouse(.press, row: 7, column: 3)))
    #expect(lab.has("┌ exit-gated"))
  }

  @Test func `the left half goes round all dispatchers that read nothing themselves`() {
    var lab = Lab.holding(Held.exited)
    var seen: [DispatcherKind] = []
    for _ in HoldModel.choices {
      lab.type("[")
      seen.append(lab.model.hold.left)
    }
    #expect(Set(seen) == Set(HoldModel.choices))
    #expect(lab.model.hold.left == .exitFirst)
    lab.type("{")
    #expect(lab.model.hold.left == .endOfStreamOnly)
    #expect(!HoldModel.choices.contains(.untilEmpty) && !HoldModel.choices.contains(.drainOrdered))
  }

  @Test func `no dispatcher that is offered ever asks for the kernel to be emptied`() {
    for kind in HeldSnapshot.kinds {
      var dispatcher = kind.make()
      let happenings: [Happening] = [
        .waits(waiter: 0), .output(.stdout, chunk: 0), .exited(.exited(0)), .endOfStream(.stderr),
        .endOfStream(.stdout),
      ]
      for happening in happenings {
        let answer = dispatcher.take(happening)
        #expect(answer.emptying.isEmpty, "\(kind.name)")
        // The lab passes a deadline only to who asked for one.
        if answer.startsTimer { #expect(dispatcher.take(.deadline).emptying.isEmpty, "\(kind.name)") }
      }
    }
  }

  @Test func `a gate that has nothing left to hold says so`() {
    var lab = Lab.holding(Held.lost)
    #expect(lab.type("3").isEmpty)
    #expect(lab.has("exit was passed on: there is nothing left to hold"))
    #expect(lab.type("1") == [.hold(.toggle(.stdout))])
  }

  @Test func `gates without a command say what to do`() {
    var lab = Lab.holding()
    #expect(lab.type("<escape>3a").isEmpty)
    #expect(lab.has("there is no command yet"))
  }

  @Test func `a command that cannot be parsed or started is reported in the prompt`() {
    var lab = Lab.holding()
    #expect(lab.type("<^u>echo 'open<enter>").isEmpty)
    #expect(lab.has("a ' is not closed"))
    #expect(lab.type("<^u><enter>").isEmpty)
    #expect(lab.has("type a command"))
    lab.type("no-such<enter>")
    lab.send(.holdRefused("no-such: not found in PATH"))
    #expect(lab.has("not found in PATH"))
    #expect(lab.has("$ no-such"))
  }

  @Test func `leaving ends the command`() {
    var lab = Lab.holding(Held.full)
    #expect(lab.type("q") == [.hold(.end), .leave])
    #expect(lab.type("hq") == [.hold(.end), .leave])
  }

  @Test(arguments: UInt64(1)...8)
  func `random keys and snapshots at random sizes never trap and never draw outside`(seed: UInt64) {
    var dice = SplitMix64(seed: seed)
    var lab = Lab.holding(Held.exited, isUTF8: seed.isMultiple(of: 2))
    let keys = Array("123oexarnp[]{}h? 'q\u{7}日")
    for _ in 0..<600 {
      switch dice.next() % 6 {
      case 0: lab.send(.resized(rows: Int(dice.next() % 30), columns: 40 + Int(dice.next() % 80)))
      case 1:
        var snapshot = [Held.exited, Held.lost, Held.full].randomElement(using: &dice) ?? Held.full
        snapshot.pipes.stdout.unread = dice.next() >> (dice.next() % 64)
        snapshot.pipes.stdout.capacity = dice.next() >> (dice.next() % 64)
        snapshot.sides[0].lost.stdout = dice.next() >> (dice.next() % 64)
        snapshot.sides[5].lines.stdout = ["\u{1b}[1m", String(repeating: "日", count: 200)]
        lab.send(.held(snapshot))
      case 2: lab.send(.key(.named(Key.Name.allCases.randomElement(using: &dice) ?? .tab)))
      case 3: lab.send(.key(.mouse(.press, row: Int(dice.next() % 30), column: Int(dice.next() % 90))))
      default: lab.send(.key(.character(keys.randomElement(using: &dice) ?? "1")))
      }
      let grid = lab.grid
      #expect(grid.height == lab.model.display.height && grid.width == lab.model.display.width, "seed \(seed)")
      #expect(grid.cells.allSatisfy { $0.width == 0 || $0.scalars[0] >= 0x20 }, "seed \(seed)")
    }
  }
}
