import Synchronization
import Testing

@testable import Headless

@Suite struct ClosedOutputTests {
  private final class World: Sendable {
    let now = Mutex<UInt64>(5)
    let sent = Mutex<[String]>([])
  }

  @Test func `a command that writes on after SIGPIPE is asked to end, when its time is up`() {
    let world = World()
    let closed = ClosedOutput(
      now: { world.now.withLock { $0 } }, signal: { world.sent.withLock { $0.append("pipe") } },
      end: { world.sent.withLock { $0.append("end") } })
    closed.outputArrived()
    world.now.withLock { $0 += ClosedOutput.patience }
    closed.outputArrived()
    #expect(world.sent.withLock { $0 } == ["pipe", "pipe"])
    world.now.withLock { $0 += 1 }
    closed.outputArrived()
    #expect(world.sent.withLock { $0 } == ["pipe", "pipe", "end"])
    closed.outputArrived()
    #expect(world.sent.withLock { $0 } == ["pipe", "pipe", "end"], "it is ended once")
  }
}
