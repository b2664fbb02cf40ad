import Glibc
import Linux
import SystemPackage
import TestSupport
import Testing

@testable import Instances

@Suite struct SocketWaitTests {
  /// So long that a test whose event is missed fails by its own time limit.
  private static let long: Int32 = 600_000

  private let scratch = ScratchFolder()

  private func make(_ path: FilePath) {
    let descriptor = open(path.string, O_CREAT | O_WRONLY | O_CLOEXEC, 0o600)
    #expect(descriptor >= 0)
    close(descriptor)
  }

  @Test(.timeLimit(.minutes(1))) func `a socket that is there is found at once`() {
    let socket = scratch.path.appending("1.sock")
    make(socket)
    #expect(SocketWait(socket: socket, owner: getpid()).run(milliseconds: 0))
  }

  @Test(.timeLimit(.minutes(1))) func `a socket that another thread makes ends the wait, also in a new folder`() {
    for folder in [scratch.path, scratch.path.appending("runtime")] {
      let socket = folder.appending("2.sock")
      let failure = DetachedThread.start(name: "maker") {
        mkdir(folder.string, 0o700)
        make(socket)
      }
      #expect(failure == nil)
      #expect(SocketWait(socket: socket, owner: getpid()).run(milliseconds: Self.long))
      unlink(socket.string)
    }
  }

  @Test(.timeLimit(.minutes(1))) func `the end of the process ends the wait`() {
    var child: pid_t = 0
    var arguments: [UnsafeMutablePointer<CChar>?] = [strdup("true"), nil]
    #expect(posix_spawn(&child, "/bin/true", nil, nil, &arguments, environ) == 0)
    #expect(!SocketWait(socket: scratch.path.appending("3.sock"), owner: child).run(milliseconds: Self.long))
    waitpid(child, nil, 0)
    free(arguments[0])
  }

  @Test(.timeLimit(.minutes(1))) func `a process that is gone already is not waited for`() {
    var child: pid_t = 0
    var arguments: [UnsafeMutablePointer<CChar>?] = [strdup("true"), nil]
    #expect(posix_spawn(&child, "/bin/true", nil, nil, &arguments, environ) == 0)
    waitpid(child, nil, 0)
    free(arguments[0])
    #expect(!SocketWait(socket: scratch.path.appending("5.sock"), owner: child).run(milliseconds: Self.long))
  }

  @Test func `a socket that is never made is not waited for longer than asked`() {
    #expect(!SocketWait(socket: scratch.path.appending("4.sock"), owner: getpid()).run(milliseconds: 1))
  }
}
