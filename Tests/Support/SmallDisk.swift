import Glibc
public import SystemPackage

/// A small file system of the test's own (tmpfs), for disks that are full; needs root.
public struct SmallDisk: Sendable {
  /// Where it is mounted.
  public let path: FilePath
  private let folder: ScratchFolder

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

  /// Fills the disk with one file until only about `bytes` are left.
  public func fill(leaving bytes: Int) throws -> FilePath {
    var status = statvfs()
    guard statvfs(path.string, &status) == 0 else { throw Errno(rawValue: errno) }
    let free = Int(status.f_bavail) * Int(status.f_frsize)
    let file = path.appending("filler")
    let descriptor = try FileDescriptor.open(
      file, .writeOnly, options: [.create, .closeOnExec], permissions: .ownerReadWrite)
    try descriptor.closeAfter {
      let block = [UInt8](repeating: 0, count: 4096)
      for _ in 0..<max(0, (free - bytes) / 4096) { _ = try block.withUnsafeBytes { try descriptor.write($0) } }
    }
    return file
  }

  /// Deletes a file.
  public func remove(_ file: FilePath) { Glibc.remove(file.string) }
}
