import Glibc
public import SystemPackage

/// A small file system of the test's own (tmpfs), for disks that are full; needs root.
public struct SmallDisk: Sendable {
  /// Where it is mounted.
  public let path: FilePath
  private let folder: ScratchFolder
  private var ballast: FilePath { path.appending("ballast") }

  /// Whether this user may mount one.
  public static var isPossible: Bool { geteuid() == 0 }

  /// Mounts it.
  public init(kilobytes: Int) throws {
    folder = ScratchFolder()
    path = folder.path
    guard mount("tmpfs", path.string, "tmpfs", 0, "size=\(kilobytes)k") == 0 else { throw Errno(rawValue: errno) }
  }

  /// Unmounts it, open files or not.
  public func unmount() { umount2(path.string, Int32(MNT_DETACH)) }

  /// Takes the room there is with one file, but for about `bytes`.
  public func fill(leaving bytes: Int = 0) throws {
    var status = statvfs()
    guard statvfs(path.string, &status) == 0 else { throw Errno(rawValue: errno) }
    let free = Int(status.f_bavail) * Int(status.f_frsize)
    let descriptor = try FileDescriptor.open(
      ballast, .writeOnly, options: [.create, .append, .closeOnExec], permissions: .ownerReadWrite)
    try descriptor.closeAfter {
      let block = [UInt8](repeating: 1, count: 4096)
      for _ in 0..<max(0, (free - bytes) / 4096) { _ = try block.withUnsafeBytes { try descriptor.write($0) } }
    }
  }

  /// Gives that room back.
  public func empty() {
    // Cut short first: a child of another test that has not reached its exec may keep a deleted file, and its room, alive.
    truncate(ballast.string, 0)
    unlink(ballast.string)
  }
}
