import Glibc
import SystemPackage
import TestSupport
import Testing

@testable import Linux

@Suite(.timeLimit(.minutes(10)))
struct FileLockTests {
  private let folder = ScratchFolder()

  /// A separate open file description each time: locks of one description do not exclude each other.
  private func open() throws -> Descriptor {
    try Descriptor.open(folder.path.appending("lock").string, flags: O_RDWR | O_CREAT, mode: 0o600)
  }

  @Test func `shared locks share, and exclude an exclusive one`() throws {
    let one = try open()
    let two = try open()
    let three = try open()
    #expect(FileLock.take(.shared, of: one.raw) == nil)
    #expect(FileLock.take(.shared, of: two.raw) == nil)
    #expect(FileLock.take(.exclusive, of: three.raw) == .wouldBlock)
    FileLock.release(one.raw)
    FileLock.release(two.raw)
    #expect(FileLock.take(.exclusive, of: three.raw) == nil)
    #expect(FileLock.take(.shared, of: one.raw) == .wouldBlock)
    withExtendedLifetime(one) {}
    withExtendedLifetime(two) {}
    withExtendedLifetime(three) {}
  }

  @Test func `a wait for a lock that is not released ends when its time is over, and not before`() throws {
    let holder = try open()
    let waiter = try open()
    #expect(FileLock.takeExclusive(of: holder.raw, within: 0) == nil)
    let begin = MonotonicClock.now
    #expect(FileLock.takeExclusive(of: waiter.raw, within: 50) == .resourceBusy)
    #expect(MonotonicClock.now - begin >= 50_000_000)
    #expect(FileLock.takeExclusive(of: waiter.raw, within: -1) == .resourceBusy)
  }

  @Test func `a wait ends when the holder closes its descriptor`() throws {
    var holder = try open()
    let waiter = try open()
    #expect(FileLock.take(.exclusive, of: holder.raw) == nil)
    let (raw, taken) = (waiter.raw, WakeUp())
    let failure = DetachedThread.start(name: "waiter") {
      if FileLock.takeExclusive(of: raw, within: 60_000) == nil { taken.signal() }
    }
    #expect(failure == nil)
    holder.close()
    #expect(taken.wait())
    let other = try open()
    #expect(FileLock.take(.exclusive, of: other.raw) == .wouldBlock)
    withExtendedLifetime(waiter) {}
    withExtendedLifetime(other) {}
  }

  @Test func `what cannot be locked is an error at once`() {
    #expect(FileLock.takeExclusive(of: -1, within: 60_000) == .badFileDescriptor)
  }
}
