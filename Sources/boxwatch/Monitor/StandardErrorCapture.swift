import CExecShims
import Glibc

/// Redirects standard error while the screen is up, and writes what was captured afterwards.
final class StandardErrorCapture {
  private var original: Int32 = -1
  private var file: Int32 = -1

  /// Redirects standard error to an anonymous file in memory (memfd); leaves it unchanged when none
  /// can be created.
  func begin() {
    file = cexec_memory_file("boxwatch-stderr")
    guard file >= 0 else { return }
    original = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3)
    // Without a duplicate to restore, captured text would be lost.
    guard original >= 0 else {
      close(file)
      return
    }
    dup2(file, STDERR_FILENO)
    cexec_crash_set_errors(original, file)
  }

  /// Restores standard error and writes what was captured, at most the last 64 KiB.
  func end() {
    guard original >= 0 else { return }
    cexec_crash_set_errors(-1, -1)
    dup2(original, STDERR_FILENO)
    close(original)
    original = -1
    var kept = [UInt8](repeating: 0, count: 64 << 10)
    let size = lseek(file, 0, SEEK_END)
    let count = pread(file, &kept, kept.count, max(0, size - off_t(kept.count)))
    if count > 0 { _ = write(STDERR_FILENO, kept, count) }
    close(file)
  }
}
