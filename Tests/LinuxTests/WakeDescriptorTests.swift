import Glibc
import SystemPackage
import Testing

@testable import Linux

@Suite(.timeLimit(.minutes(10)))
struct WakeDescriptorTests {
  @Test func `it is readable from a wake-up until it is cleared, however often it was woken`() throws {
    let wake = try WakeDescriptor()
    #expect(!wake.isReadable(within: 0))
    for _ in 0..<3 { wake.wake() }
    #expect(wake.isReadable(within: 0) && wake.isReadable(within: -1))
    wake.clear()
    #expect(!wake.isReadable(within: 0))
    // Clearing again must not block.
    wake.clear()
  }

  @Test func `a wait clears it, and without a wake-up it ends after its time`() throws {
    let wake = try WakeDescriptor()
    wake.wake()
    #expect(wake.wait(milliseconds: 60_000))
    let begin = MonotonicClock.now
    #expect(!wake.wait(milliseconds: 30))
    #expect(MonotonicClock.now - begin >= 29_000_000)
  }

  @Test func `another thread ends a wait`() throws {
    let wake = try WakeDescriptor()
    #expect(DetachedThread.start(name: "waker") { wake.wake() } == nil)
    #expect(wake.wait(milliseconds: 60_000))
  }

  @Test func `a program it starts does not get it`() throws {
    let wake = try WakeDescriptor()
    #expect(fcntl(wake.raw, F_GETFD) & FD_CLOEXEC != 0)
  }
}
