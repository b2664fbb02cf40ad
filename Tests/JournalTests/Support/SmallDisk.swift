import Glibc
import SystemPackage
import TestSupport

/// A small tmpfs of a test's own, and a way to fill it; only root may mount one.
final class SmallDisk: Sendable {
  static let isPossible = geteuid() == 0 && (try? SmallDisk(kilobytes: 64)) != nil

  private let folder: ScratchFolder
  var path: String { folder.path.string }
  private var ballast: String { path + "/ballast" }

  init(kilobytes: Int) throws {
    folder = ScratchFolder()
    guard mount("tmpfs", folder.path.string, "tmpfs", 0, "size=\(kilobytes)k") == 0 else {
      throw Errno(rawValue: errno)
    }
  }

  deinit { umount2(path, Int32(MNT_DETACH)) }

  /// Takes all the room there is, down to the last page.
  func fill() throws {
    let file = open(ballast, O_WRONLY | O_CREAT | O_APPEND, 0o600)
    guard file >= 0 else { throw Errno(rawValue: errno) }
    defer { close(file) }
    let page = [UInt8](repeating: 1, count: 4096)
    while write(file, page, page.count) > 0 {}
  }

  /// Gives all of it back.
  func empty() { unlink(ballast) }
}
