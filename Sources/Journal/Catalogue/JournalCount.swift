import ExecModel
import Glibc
import Linux
import Synchronization
public import SystemPackage

/// Counts the journals created and ended below one folder since the last pruning, across all processes.
///
/// The file `.made` in the folder grows by one byte for each journal created and each ended, and by more for one that
/// ends large: its length is the count. An append is atomic, so it needs no lock, and a killed process leaves a valid
/// length. A lost count is too small by at most a few journals.
public final class JournalCount: Sendable {
  /// The file's name in the folder; names that begin with a dot are not journals.
  static let fileName = ".made"
  /// The count at which the folder must be pruned: ten journals created and ended, a twentieth of those kept.
  static let due: UInt64 = 20
  /// Bytes of output that count as much as a journal: twenty times this is less than a tenth of 16 GiB.
  private static let unit: UInt64 = 64 << 20

  package let path: String
  private let file = Mutex(Descriptor(raw: -1))

  /// Counts below `folder`, which need not exist.
  public init(_ folder: FilePath) { path = folder.string + "/" + Self.fileName }

  /// Counts a created journal.
  func noteMade() { add(1) }

  /// Counts an ended journal with this many bytes of output.
  func noteEnded(bytes: UInt64) { add(Int(min(1 + bytes / Self.unit, Self.due))) }

  /// Makes pruning due for the next process that checks.
  func makeDue() { add(Int(Self.due)) }

  private func add(_ count: Int) {
    file.withLock { file in
      guard Self.open(&file, path) else { return }
      let bytes = [UInt8](repeating: UInt8(ascii: "+"), count: count)
      // A full disk may refuse the byte but accept the longer length; pruning then frees space.
      if Glibc.write(file.raw, bytes, count) != count { _ = ftruncate(file.raw, off_t(Self.due)) }
    }
  }

  /// Whether the folder must be pruned.
  public var isDue: Bool {
    file.withLock { file in
      guard Self.open(&file, path), let length = try? FileCalls.size(of: file.raw).length else { return false }
      return length >= Self.due
    }
  }

  /// Resets the count; call it only with the lock held.
  func restart() {
    file.withLock { file in
      if Self.open(&file, path) { _ = ftruncate(file.raw, 0) }
    }
  }

  /// The lock of a pruning process, held until it is closed; nil while another process holds it, or when it cannot be
  /// taken.
  ///
  /// - Parameter milliseconds: how long to wait for another process to release it.
  func lock(within milliseconds: Int32 = 0) -> Descriptor? {
    // A separate descriptor, so that the lock also excludes other threads of this process.
    guard let file = try? Self.open(path), FileLock.takeExclusive(of: file.raw, within: milliseconds) == nil else {
      return nil
    }
    return file
  }

  /// Opens the file at its first use, and again after it was removed.
  private static func open(_ file: inout Descriptor, _ path: String) -> Bool {
    if file.raw >= 0 {
      var status = stat()
      if fstat(file.raw, &status) == 0, status.st_nlink > 0 { return true }
    }
    guard let opened = try? open(path) else { return false }
    file = opened
    return true
  }

  private static func open(_ path: String) throws(Errno) -> Descriptor {
    try Descriptor.open(
      path, in: AT_FDCWD, flags: O_RDWR | O_APPEND | O_CREAT | O_NONBLOCK | O_NOFOLLOW, mode: 0o600)
  }
}
