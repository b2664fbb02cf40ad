import Cells
import ExecModel
import RaceLab
import Testing

@testable import BoxwatchUI

@Suite struct HoldKeysTests {
  @Test func `the page asks for a command first, and Enter starts the one of the report`() {
    var monitor = Monitor.holding()
    #expect(monitor.has("$ sh -c 'echo first-output && exit 0'"))
    #expect(monitor.type("<enter>") == [.hold(.start(["sh", "-c", "echo first-output && exit 0"]))])
    #expect(monitor.model.lab?.dialog == nil)
  }

  @Test func `Tab and the history offer the command that fills its pipe`() {
    var monitor = Monitor.holding()
    #expect(monitor.type("<tab><enter>") == [.hold(.start(["seq", "1", "200000"]))])
    monitor = Monitor.holding()
    #expect(monitor.type("<up><up><enter>") == [.hold(.start(["seq", "1", "200000"]))])
  }

  @Test func `h opens the page from the steps and goes back, with the left dispatcher of there`() {
    var monitor = Monitor(24, 80)
    monitor.model.open(LabModel(LabSession(kinds: [.fixedTimer, .drainOrdered]), isAlone: true))
    monitor.type("h")
    #expect(monitor.model.lab?.page == .holding)
    #expect(monitor.model.lab?.hold.left == .fixedTimer)
    monitor.type("<escape>h")
    #expect(monitor.model.lab?.page == .stepping)
  }

  @Test func `each gate has its digit and its letter`() {
    var monitor = Monitor.holding(Held.exited)
    for (keys, gate) in [("1o", HeldGate.stdout), ("2e", .stderr), ("3x", .exit)] {
      #expect(monitor.type(keys) == [.hold(.toggle(gate)), .hold(.toggle(gate))])
    }
    #expect(monitor.type("a") == [.hold(.releaseAll)])
    #expect(monitor.type("r") == [.hold(.start(["sh", "-c", "echo first-output && exit 0"]))])
  }

  @Test func `a press on a gate's line toggles it, and one on the left title changes the dispatcher`() {
    var monitor = Monitor.holding(Held.exited)
    #expect(monitor.send(.key(.mouse(.press, row: 4, column: 10))) == [.hold(.toggle(.exit))])
    #expect(monitor.send(.key(.mouse(.press, row: 5, column: 10))).isEmpty)
    monitor.send(.key(.mouse(.press, row: 7, column: 3)))
    #expect(monitor.has("┌ exit-gated"))
  }

  @Test func `the left half goes round all dispatchers that read nothing themselves`() {
    var monitor = Monitor.holding(Held.exited)
    var seen: [DispatcherKind] = []
    for _ in HoldModel.choices {
      monitor.type("[")
      seen.append(monitor.model.lab?.hold.left ?? .drainOrdered)
    }
    #expect(Set(seen) == Set(HoldModel.choices))
    #expect(monitor.model.lab?.hold.left == .exitFirst)
    monitor.type("{")
    #expect(monitor.model.lab?.hold.left == .endOfStreamOnly)
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
    var monitor = Monitor.holding(Held.lost)
    #expect(monitor.type("3").isEmpty)
    #expect(monitor.has("exit was passed on: there is nothing left to hold"))
    #expect(monitor.type("1") == [.hold(.toggle(.stdout))])
  }

  @Test func `gates without a command say what to do`() {
    var monitor = Monitor.holding()
    #expect(monitor.type("<escape>3a").isEmpty)
    #expect(monitor.has("there is no command yet"))
  }

  @Test func `a command that cannot be parsed or started is reported in the prompt`() {
    var monitor = Monitor.holding()
    #expect(monitor.type("<^u>echo 'open<enter>").isEmpty)
    #expect(monitor.has("a ' is not closed"))
    #expect(monitor.type("<^u><enter>").isEmpty)
    #expect(monitor.has("type a command"))
    monitor.type("no-such<enter>")
    monitor.send(.holdRefused("no-such: not found in PATH"))
    #expect(monitor.has("not found in PATH"))
    #expect(monitor.has("$ no-such"))
  }

  @Test func `leaving ends the command`() {
    var monitor = Monitor.holding(Held.full)
    #expect(monitor.type("q") == [.hold(.end), .quit])
    monitor = Monitor(24, 80)
    monitor.type("Rh<enter>")
    monitor.send(.held(Held.full))
    #expect(monitor.type("hq") == [.hold(.end)])
    #expect(monitor.model.lab == nil)
    // What was on its way meanwhile opens nothing.
    monitor.send(.held(Held.full))
    monitor.send(.holdRefused("too late"))
    #expect(monitor.model.lab == nil)
  }

  @Test(arguments: UInt64(1)...8)
  func `random keys and snapshots at random sizes never trap and never draw outside`(seed: UInt64) {
    var dice = SplitMix64(seed: seed)
    var monitor = Monitor.holding(Held.exited, isUTF8: seed.isMultiple(of: 2))
    let keys = Array("123oexarnp[]{}h? 'q\u{7}日")
    for _ in 0..<600 {
      if monitor.model.lab == nil { monitor = Monitor.holding(Held.full) }
      switch dice.next() % 6 {
      case 0: monitor.send(.resized(rows: Int(dice.next() % 30), columns: 40 + Int(dice.next() % 80)))
      case 1:
        var snapshot = [Held.exited, Held.lost, Held.full].randomElement(using: &dice) ?? Held.full
        snapshot.pipes.stdout.unread = dice.next() >> (dice.next() % 64)
        snapshot.pipes.stdout.capacity = dice.next() >> (dice.next() % 64)
        snapshot.sides[0].lost.stdout = dice.next() >> (dice.next() % 64)
        snapshot.sides[5].lines.stdout = ["\u{1b}[1m", String(repeating: "日", count: 200)]
        monitor.send(.held(snapshot))
      case 2: monitor.send(.key(.named(Key.Name.allCases.randomElement(using: &dice) ?? .tab)))
      case 3: monitor.send(.key(.mouse(.press, row: Int(dice.next() % 30), column: Int(dice.next() % 90))))
      default: monitor.send(.key(.character(keys.randomElement(using: &dice) ?? "1")))
      }
      let grid = monitor.grid
      #expect(grid.height == monitor.model.height && grid.width == monitor.model.width, "seed \(seed)")
      #expect(grid.cells.allSatisfy { $0.width == 0 || $0.scalars[0] >= 0x20 }, "seed \(seed)")
    }
  }
}
