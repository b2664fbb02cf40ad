import Glibc
import SystemPackage
import Testing

@testable import Linux

@Suite(.timeLimit(.minutes(10)))
struct ProcessHandleTests {
  /// What is known of a process; `#expect` cannot look into a handle, which cannot be copied.
  private struct Look: Equatable {
    var isRunning: Bool
    var end: ChildEnd?
    var error: Errno?

    init(isRunning: Bool, end: ChildEnd? = nil, error: Errno? = nil) {
      (self.isRunning, self.end, self.error) = (isRunning, end, error)
    }

    init(_ handle: borrowing ProcessHandle) {
      isRunning = handle.isRunning
      do throws(Errno) { end = try handle.end() } catch { self.error = error }
    }
  }

  /// Blocks until the process has ended.
  private static func wait(_ handle: borrowing ProcessHandle) {
    var entry = pollfd(fd: handle.raw, events: Int16(POLLIN), revents: 0)
    while poll(&entry, 1, -1) < 0, errno == EINTR {}
  }

  @Test func `a child is observed while it runs, after its end, and until it is reaped`() throws {
    let child = try Child(sh: "-c", "read x; exit 7")
    let handle = try ProcessHandle(of: child.processIdentifier)
    #expect(Look(handle) == Look(isRunning: true))
    child.closeInput()
    Self.wait(handle)
    // Twice: observing does not reap.
    for _ in 0..<2 {
      let end = ChildEnd(status: 7, wasKilled: false, hasCore: false)
      #expect(Look(handle) == Look(isRunning: false, end: end))
    }
    handle.reap()
    #expect(Look(handle) == Look(isRunning: false, error: .noChildProcess))
    let error = handle.signal(0)
    #expect(error == .noSuchProcess)
  }

  @Test func `a signal reaches the process, and its end says which it was`() throws {
    let child = try Child(sh: "-c", "read x")
    let handle = try ProcessHandle(of: child.processIdentifier)
    let error = handle.signal(SIGTERM)
    #expect(error == nil)
    Self.wait(handle)
    let end = Look(handle).end
    #expect(end?.status == SIGTERM && end?.wasKilled == true)
    handle.reap()
  }

  @Test func `a number without a process has no handle`() throws {
    let child = try Child(sh: "-c", "exit 0")
    child.reap()
    #expect(throws: Errno.noSuchProcess) { _ = try ProcessHandle(of: child.processIdentifier) }
    #expect(throws: Errno.self) { _ = try ProcessHandle(of: -1) }
  }

  @Test func `a process that is no child of this one has no end that could be observed`() throws {
    let handle = try ProcessHandle(of: getpid())
    #expect(Look(handle) == Look(isRunning: true, error: .noChildProcess))
  }

  @Test func `a child is in the same namespaces, and one that is gone is an error`() throws {
    let child = try Child(sh: "-c", "read x")
    #expect(try Namespaces.differing(in: child.processIdentifier) == [])
    child.kill()
    child.reap()
    #expect(throws: Errno.noSuchFileOrDirectory) { _ = try Namespaces.differing(in: child.processIdentifier) }
  }
}
