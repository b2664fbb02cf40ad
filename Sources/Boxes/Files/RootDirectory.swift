import CExecShims
import Glibc
import SystemPackage

/// The root of another process's files, kept open.
final class RootDirectory: Sendable {
  /// Refers to the directory (`O_PATH`, open(2)).
  let descriptor: Int32

  /// Opens the root that a process has.
  init(of processIdentifier: Int32) throws(Errno) {
    descriptor = cexec_open_root("/proc/\(processIdentifier)/root")
    guard descriptor >= 0 else { throw Errno(rawValue: -descriptor) }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }
}
