import Glibc
import SystemPackage
import TestSupport

/// A folder for one test's files, outside `/tmp`, which a sandbox does not show; removed with its owner.
final class Scratch: Sendable {
  private let folder = ScratchFolder(in: "/var/tmp")

  var path: String { folder.path.string }

  /// Writes a file and returns its path.
  @discardableResult
  func file(_ name: String, _ text: String, mode: mode_t = 0o644) throws -> String {
    let full = path + "/" + name
    let descriptor = open(full, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode)
    guard descriptor >= 0 else { throw ScratchError(number: errno) }
    let bytes = Array(text.utf8)
    let count = write(descriptor, bytes, bytes.count)
    close(descriptor)
    guard count == bytes.count, chmod(full, mode) == 0 else { throw ScratchError(number: errno) }
    return full
  }
}

/// A file of a test could not be made.
struct ScratchError: Error {
  let number: Int32
}
