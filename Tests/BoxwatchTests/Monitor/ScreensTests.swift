import BoxwatchUI
import Cells
import ExecModel
import LabUI
import RaceLab
import TestSupport
import Testing
import Widgets

@testable import boxwatch

/// The monitor with the lab in front of it, as the loop has them.
@Suite struct ScreensTests {
  private struct Fixture {
    var screens = Screens(Model(Display(height: 24, width: 80), boxes: [BoxChoice(name: "local")]))
    let id: ExecutionID

    init() throws {
      id = try #require(ExecutionID("exec-1"))
      send(.added(id, ExecutionSpec(command: ["sleep", "9"]), box: "local", created: 0))
      event(.started(processIdentifier: 4711))
    }

    /// Opens the lab where the monitor asks for it, as the loop does.
    @discardableResult
    mutating func send(_ message: Message) -> [Screens.Request] {
      screens.take(message) { _, _ in InMemoryText(Array("hello\n".utf8), head: 0) }.filter { request in
        guard request == .monitor(.openRaceLab) else { return true }
        _ = screens.open(LabModel(on: screens.monitor.display))
        return false
      }
    }

    @discardableResult
    mutating func type(_ script: String) -> [Screens.Request] {
      KeyScript.keys(script).flatMap { send(.key($0)) }
    }

    mutating func event(_ event: ExecutionEvent) {
      send(.event(id, RecordedEvent(sequence: 0, time: 1_000_000_000, event: event)))
    }

    var screen: String {
      screens.grid { _, _ in InMemoryText(Array("hello\n".utf8), head: 0) }.plainText
    }
  }

  @Test func `leaving the lab goes back to the monitor as it was`() throws {
    for key in ["q", "<escape>", "<^c>"] {
      var fixture = try Fixture()
      let before = fixture.screen
      fixture.type("R")
      #expect(fixture.screen.contains("race lab") && fixture.screens.monitor.isCovered)
      #expect(fixture.type(key) == [.hold(.end)] && fixture.screens.lab == nil)
      #expect(fixture.screen == before && !fixture.screens.monitor.isCovered)
    }
  }

  @Test func `leaving a lab that is alone ends its command and the program`() throws {
    var screens = Screens(Model(Display(height: 24, width: 80)))
    let started = screens.open(LabModel(on: screens.monitor.display), holding: ["true"], isAlone: true)
    #expect(started == [.hold(.start(["true"]))])
    _ = screens.take(.held(HeldSnapshot(["true"], holding: [.stdout], kinds: HeldSnapshot.kinds)))
    let requests = screens.take(.key(.character("q"))) { _, _ in nil }
    #expect(requests == [.hold(.end), .monitor(.quit)])
  }

  @Test func `executions go on behind the lab`() throws {
    var fixture = try Fixture()
    fixture.type("R3<enter>")
    fixture.event(.output(.stdout, range: 0..<6, lines: 1, endsLine: true))
    for stream in ExecStream.allCases { fixture.event(.endOfStream(stream)) }
    fixture.event(.exited(.exited(0)))
    fixture.event(.exit(Conclusion(outcome: Outcome(status: .exited(0)))))
    #expect(fixture.screen.contains("race lab") && fixture.screens.monitor.row(fixture.id)?.isDone == true)
    fixture.type("q")
    #expect(fixture.screen.contains("hello") && fixture.screen.contains("1 done"))
  }

  @Test func `what the monitor has to say is shown in front, until it is old`() throws {
    var fixture = try Fixture()
    fixture.type("R")
    fixture.send(.notice("the disk is full", isError: true))
    #expect(fixture.screen.contains("the disk is full"))
    fixture.screens.needsDisplay = false
    fixture.send(.tick(now: Notice.lifetime, clock: ""))
    #expect(!fixture.screen.contains("the disk is full") && fixture.screens.needsDisplay)
    fixture.type("q")
    #expect(!fixture.screen.contains("the disk is full"))
  }

  @Test func `a resized terminal resizes both`() throws {
    var fixture = try Fixture()
    fixture.type("R")
    fixture.send(.resized(rows: 30, columns: 100))
    #expect(fixture.screens.lab?.display.width == 100 && fixture.screens.monitor.height == 30)
  }

  @Test func `news of a held command opens nothing after the lab was left`() throws {
    var fixture = try Fixture()
    fixture.type("Rh<enter>")
    #expect(fixture.type("<escape>").contains(.hold(.end)))
    let late = HeldSnapshot(["true"], holding: [], kinds: HeldSnapshot.kinds)
    #expect(fixture.screens.take(.held(late)).isEmpty && fixture.screens.take(.holdRefused("too late")).isEmpty)
    #expect(fixture.screens.lab == nil)
  }
}
