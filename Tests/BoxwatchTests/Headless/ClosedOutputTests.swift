import ExecModel
import Synchronization
import Testing

@testable import boxwatch

@Suite struct ClosedOutputTests {
  private final class World: Sendable {
    let now = Mutex<UInt64>(5)
    let sent = Mutex<[Signal]>([])
  }

  @Test func `a command that writes on after SIGPIPE is asked to end, when its time is up`() {
    let world = World()
    let closed = ClosedOutput(
      now: { world.now.withLock { $0 } }, signal: { signal in world.sent.withLock { $0.append(signal) } })
    closed.tell()
    world.now.withLock { $0 += ClosedOutput.patience }
    closed.tell()
    #expect(world.sent.withLock { $0 } == [.pipe, .pipe])
    world.now.withLock { $0 += 1 }
    closed.tell()
    #expect(world.sent.withLock { $0 } == [.pipe, .pipe, .terminate])
  }
}
