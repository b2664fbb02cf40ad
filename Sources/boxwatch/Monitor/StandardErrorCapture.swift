import CExecShims
import Glibc

/// Keeps standard error away from the screen while it is ours: what is written meanwhile comes out afterwards.
final class StandardErrorCapture {
  private var original: Int32 = -1
  private var file: Int32 = -1

  /// Sends standard error to a nameless file in memory; where there is none, leaves it as it is.
  func begin() {
    file = cexec_memory_file("boxwatch-stderr")
    guard file >= 0 else { return }
    original = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3)
    // Without a way back, what is written meanwhile would be lost.
    guard original >= 0 else {
      close(file)
      return
    }
    dup2(file, STDERR_FILENO)
    cexec_crash_set_errors(original, file)
  }

  /// Gives standard error back and writes what was kept, at most the last 64 KiB.
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
