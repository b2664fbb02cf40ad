import Glibc
import SystemPackage

/// Another process that holds a journal as its writer would: open for writing, and locked.
final class LockHolder {
  /// The process's number.
  let processIdentifier: pid_t
  private let pipe: UnsafeMutablePointer<FILE>

  /// Returns when the lock is held; nil when the process could not be started.
  init?(of journal: FilePath) {
    let script = "exec 9<>'\(journal)/events' && flock 9 && echo $$ && exec sleep 1000"
    guard let pipe = popen(script, "r") else { return nil }
    var line = [CChar](repeating: 0, count: 32)
    let text = fgets(&line, 32, pipe).map { String(cString: $0) } ?? ""
    guard let number = pid_t(text.prefix { $0.isNumber }) else {
      pclose(pipe)
      return nil
    }
    (self.pipe, processIdentifier) = (pipe, number)
  }

  /// Ends it as nothing can be prepared for (SIGKILL).
  func kill() { _ = Glibc.kill(processIdentifier, SIGKILL) }

  deinit {
    kill()
    pclose(pipe)
  }
}
