import CExecShims
import Glibc
import Linux
import SystemPackage

/// Redirects standard error while the screen is up, and writes what was captured afterwards.
final class StandardErrorCapture {
  private var original = Descriptor(raw: -1)
  private var file = Descriptor(raw: -1)

  /// Redirects standard error to an anonymous file in memory (memfd); leaves it unchanged when none
  /// can be created.
  func begin() {
    original = Descriptor(raw: fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3))
    // Without a duplicate to restore, captured text would be lost.
    guard original.isOpen else { return }
    do throws(Errno) {
      file = try Descriptor.inMemory(named: "boxwatch-stderr")
    } catch {
      original.close()
      return
    }
    dup2(file.raw, STDERR_FILENO)
    cexec_crash_set_errors(original.raw, file.raw)
  }

  /// Restores standard error and writes what was captured, at most the last 64 KiB.
  func end() {
    guard original.isOpen else { return }
    cexec_crash_set_errors(-1, -1)
    dup2(original.raw, STDERR_FILENO)
    original.close()
    var kept = [UInt8](repeating: 0, count: 64 << 10)
    let size = lseek(file.raw, 0, SEEK_END)
    let count = pread(file.raw, &kept, kept.count, max(0, size - off_t(kept.count)))
    if count > 0 { _ = write(STDERR_FILENO, kept, count) }
    file.close()
  }
}
