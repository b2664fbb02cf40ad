import Glibc
import SystemPackage

/// What stat(2) tells about a file.
struct FileStatus {
  let length: Int
  /// Bytes on the disk.
  let allocated: Int
  /// Permission bits.
  let mode: UInt32

  init(_ path: FilePath) throws {
    var status = stat()
    guard stat(path.string, &status) == 0 else { throw Errno(rawValue: errno) }
    length = Int(status.st_size)
    allocated = Int(status.st_blocks) * 512
    mode = status.st_mode & 0o7777
  }
}
