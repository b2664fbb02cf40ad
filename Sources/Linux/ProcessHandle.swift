import CExecShims
import Glibc
package import SystemPackage

/// A process that its number cannot lose: a pidfd (pidfd_open(2)).
///
/// While the handle is open and the process has not been reaped, its number is not reused. To act on a process that was
/// found by its number, open the handle first and check then that it is the process that was meant.
package struct ProcessHandle: ~Copyable, Sendable {
  private var descriptor: Descriptor

  /// Refers to the process that has this number now.
  ///
  /// - Throws: `ESRCH` when there is none, `EMFILE` when no descriptor is left.
  package init(of processIdentifier: Int32) throws(Errno) {
    let raw = cexec_pidfd_open(processIdentifier)
    guard raw >= 0 else { throw Errno(rawValue: -raw) }
    descriptor = Descriptor(raw: raw)
  }

  /// Takes over a pidfd from elsewhere, such as a socket.
  package init(_ descriptor: consuming Descriptor) { self.descriptor = descriptor }

  /// The pidfd, readable once the process has ended; −1 once it is closed.
  package var raw: Int32 { descriptor.raw }

  /// Passes the pidfd on.
  package consuming func take() -> Int32 { descriptor.move().take() }

  /// Closes the pidfd; calling it again does nothing.
  package mutating func close() { descriptor.close() }

  /// Sends a signal to the process; nil, or the error: `ESRCH` when it has ended and was reaped.
  @discardableResult
  package func signal(_ number: Int32) -> Errno? {
    let error = cexec_pidfd_signal(descriptor.raw, number)
    return error == 0 ? nil : Errno(rawValue: error)
  }

  /// Whether the process is still running, and not a zombie; false for a closed handle.
  package var isRunning: Bool {
    descriptor.isOpen && !DescriptorWait.any(readable: [descriptor.raw], within: 0)
  }
}

/// The end of a child process.
package struct ChildEnd: Hashable, Sendable {
  /// The exit code, or the number of the signal that killed it.
  package let status: Int32
  /// Whether a signal killed it.
  package let wasKilled: Bool
  /// Whether the kernel wrote a core file.
  package let hasCore: Bool
}

extension ProcessHandle {
  /// How this child ended, without reaping it; nil while it is running (waitid(2)).
  ///
  /// - Throws: `ECHILD` when it was reaped elsewhere, or is not a child.
  package func end() throws(Errno) -> ChildEnd? {
    guard let info = try wait(WNOWAIT) else { return nil }
    return ChildEnd(
      status: info._sifields._sigchld.si_status, wasKilled: info.si_code != Int32(CLD_EXITED),
      hasCore: info.si_code == Int32(CLD_DUMPED))
  }

  /// Reaps this child if it has ended.
  package func reap() { _ = try? wait(0) }

  private func wait(_ options: Int32) throws(Errno) -> siginfo_t? {
    var info = siginfo_t()
    while waitid(P_PIDFD, id_t(bitPattern: descriptor.raw), &info, WEXITED | WNOHANG | options) < 0 {
      guard errno == EINTR else { throw Errno(rawValue: errno) }
    }
    return info._sifields._sigchld.si_pid == 0 ? nil : info
  }
}
