import Glibc
package import SystemPackage

/// A file with a secret, which its owner alone can read: there is the whole of it at its path, or none.
package enum PrivateFile {
  /// Writes a new file in the place of one that may be there.
  ///
  /// - Throws: the call's error; what was at the path is as it was then.
  package static func replace(_ path: FilePath, with bytes: [UInt8]) throws(Errno) {
    try write(bytes, beside: path) { new in rename(new, path.string) }
  }

  /// Writes a file that must not be there yet.
  ///
  /// - Throws: `fileExists` when it is there, and each call's error; nothing is at the path then that was not there before.
  package static func create(_ path: FilePath, with bytes: [UInt8]) throws(Errno) {
    try write(bytes, beside: path) { new in
      if link(new, path.string) == 0 { return unlink(new) }
      // A file system without links: two that are first at once are not told apart there.
      guard errno == EPERM || errno == EOPNOTSUPP else { return -1 }
      return rename(new, path.string)
    }
  }

  /// Writes under a name of this process first: a disk that is full must not leave half a secret in the place of the file.
  private static func write(
    _ bytes: [UInt8], beside path: FilePath, place: (String) -> Int32
  ) throws(Errno) {
    let new = FilePath("\(path).\(getpid()).new")
    unlink(new.string)
    do {
      let file = try FileDescriptor.open(
        new, .writeOnly, options: [.create, .exclusiveCreate, .noFollow, .closeOnExec], permissions: .ownerReadWrite)
      try file.closeAfter {
        _ = try file.writeAll(bytes)
        if fsync(file.rawValue) != 0 { throw Errno(rawValue: errno) }
      }
      if place(new.string) != 0 { throw Errno(rawValue: errno) }
    } catch {
      unlink(new.string)
      throw error as? Errno ?? .ioError
    }
  }
}
