import Glibc

/// The contents of folders (readdir(3)).
package enum FolderContents {
  /// The names in a folder; empty when it cannot be read.
  package static func names(in folder: String) -> [String] { entries(in: folder, atMost: .max).map(\.name) }

  /// The names in a folder with their types from readdir(3) (`DT_DIR`), 0 if unknown.
  package static func entries(in folder: String, atMost limit: Int) -> [(name: String, type: UInt8)] {
    guard let directory = opendir(folder) else { return [] }
    defer { closedir(directory) }
    var entries: [(name: String, type: UInt8)] = []
    while entries.count < limit, let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { name in
        name.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != "." && name != ".." { entries.append((name, entry.pointee.d_type)) }
    }
    return entries
  }
}

/// Identifies a file independent of its path: two mounts of devpts(5) each have a `/dev/pts/0`.
package struct FileIdentity: Hashable {
  private let device: UInt64
  private let inode: UInt64

  /// Examines a path, following links, including the descriptors of `/proc/PID/fd`; nil when that fails.
  package init?(of path: String) {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    (device, inode) = (UInt64(status.st_dev), UInt64(status.st_ino))
  }
}
