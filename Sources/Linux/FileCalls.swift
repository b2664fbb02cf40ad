import CExecShims
import Glibc
package import SystemPackage

/// System calls on open files, with EINTR and short transfers handled.
package enum FileCalls {
  /// Writes at `offset` until all bytes are written or an error occurs; returns the number written and the error.
  package static func write(
    _ bytes: UnsafeRawBufferPointer, to file: Int32, at offset: UInt64
  ) -> (count: Int, error: Errno?) {
    var done = 0
    while done < bytes.count {
      let rest = UnsafeRawBufferPointer(rebasing: bytes[done...])
      let written = pwrite(file, rest.baseAddress, rest.count, off_t(clamping: offset &+ UInt64(done)))
      if written > 0 {
        done += written
      } else if written == 0 {
        return (done, Errno(rawValue: EIO))
      } else if errno != EINTR {
        return (done, Errno(rawValue: errno))
      }
    }
    return (done, nil)
  }

  /// Reads at `offset` until the buffer is full or the file ends; returns the number of bytes read.
  package static func read(
    _ file: Int32, at offset: UInt64, into buffer: UnsafeMutableRawBufferPointer
  ) throws(Errno) -> Int {
    guard let start = off_t(exactly: offset) else { return 0 }
    var done = 0
    while done < buffer.count {
      let (position, overflow) = start.addingReportingOverflow(off_t(done))
      if overflow { break }
      let count = pread(file, buffer.baseAddress.map { $0 + done }, buffer.count - done, position)
      if count == 0 { break }
      if count > 0 {
        done += count
      } else if errno != EINTR {
        throw Errno(rawValue: errno)
      }
    }
    return done
  }

  /// Reads at `offset` what the kernel has in memory; nil when the read would have to wait for the disk.
  package static func readCached(
    _ file: Int32, at offset: UInt64, into buffer: UnsafeMutableRawBufferPointer
  ) throws(Errno) -> Int? {
    guard let start = Int64(exactly: offset) else { return 0 }
    let count = cexec_read_cached(file, buffer.baseAddress, buffer.count, start)
    if count >= 0 { return Int(count) }
    switch errno {
    case EAGAIN: return nil
    // Such a file system keeps its files in memory, or does not report that it would wait.
    case EOPNOTSUPP: return try read(file, at: offset, into: buffer)
    case let number: throw Errno(rawValue: number)
    }
  }

  /// Reserves disk space without changing the file's length (fallocate(2), `FALLOC_FL_KEEP_SIZE`).
  package static func reserve(_ file: Int32, from start: UInt64, to end: UInt64) -> Errno? {
    guard end > start else { return nil }
    let number = cexec_reserve(file, Int64(clamping: start), Int64(clamping: end - start))
    return number == 0 ? nil : Errno(rawValue: number)
  }

  /// Releases the disk space of a range, which reads as zeros from then on (`FALLOC_FL_PUNCH_HOLE`).
  package static func punch(_ file: Int32, from start: UInt64, to end: UInt64) -> Errno? {
    guard end > start else { return nil }
    let number = cexec_punch(file, Int64(clamping: start), Int64(clamping: end - start))
    return number == 0 ? nil : Errno(rawValue: number)
  }

  /// Releases what was reserved beyond the end of the file.
  package static func trim(_ file: Int32, to length: UInt64) { _ = ftruncate(file, off_t(clamping: length)) }

  /// The file's length in bytes, and whether it is a regular file.
  package static func size(of file: Int32) throws(Errno) -> (length: UInt64, isRegular: Bool) {
    var status = stat()
    guard fstat(file, &status) == 0 else { throw Errno(rawValue: errno) }
    return (UInt64(clamping: status.st_size), status.st_mode & S_IFMT == S_IFREG)
  }

  /// The file's link count; 1 when it cannot be determined.
  package static func linkCount(of file: Int32) -> UInt64 {
    var status = stat()
    return fstat(file, &status) == 0 ? UInt64(status.st_nlink) : 1
  }

  /// Bytes that a file below a folder takes on the disk; 0 when it does not exist.
  package static func diskBytes(of path: String, in folder: Int32) -> UInt64 {
    var status = stat()
    return fstatat(folder, path, &status, AT_SYMLINK_NOFOLLOW) == 0 ? UInt64(clamping: status.st_blocks) &* 512 : 0
  }

  /// Bytes available to this user on the file's disk; `UInt64.max` when unknown.
  package static func freeBytes(on file: Int32) -> UInt64 {
    var status = statvfs()
    guard fstatvfs(file, &status) == 0 else { return .max }
    return UInt64(status.f_bavail).multipliedReportingOverflow(by: UInt64(status.f_frsize)).partialValue
  }

  /// Renames a file or folder if the new name does not exist (renameat2(2), `RENAME_NOREPLACE`).
  ///
  /// On a file system without that flag it is rename(2), which replaces a file and an empty folder.
  package static func renameToNew(_ old: String, _ new: String) -> Errno? {
    let number = cexec_rename_new(old, new)
    return number == 0 ? nil : Errno(rawValue: number)
  }
}

// Newlines in the bytes of a stream: counted 32 at a time where the processor has AVX2, found by memchr(3).
extension UnsafeRawBufferPointer {
  /// The number of newline bytes.
  package var newlineCount: UInt64 { cexec_count_newlines(baseAddress, count) }

  /// The offset of the first newline byte.
  package var firstNewline: Int? {
    guard let start = baseAddress, let found = memchr(start, 10, count) else { return nil }
    return UnsafeRawPointer(found) - start
  }

  /// The offset of the last newline byte.
  package var lastNewline: Int? {
    let found = cexec_last_newline(baseAddress, count)
    return found < 0 ? nil : Int(found)
  }
}
