import ExecModel
import Glibc
import Synchronization
public import SystemPackage

/// How many journals were made and ended below one folder since the last pruning, counted by all processes together.
///
/// The file `.made` in the folder grows by a byte for each journal that is made and for each that ends, and by more for
/// one that ends large: its length is the count. An append is atomic, so that it needs no lock, and a process that is
/// killed leaves a valid length. A count that was lost is too small by a few journals at the most.
public final class JournalCount: Sendable {
  /// The file's name in the folder; names that begin with a dot are no journals.
  static let fileName = ".made"
  /// From this count on the folder must be pruned: ten journals that were made and ended, a twentieth of those kept.
  static let due: UInt64 = 20
  /// Bytes of output that count as much as a journal: twenty times this is less than a tenth of 16 GiB.
  private static let unit: UInt64 = 64 << 20

  let path: String
  private let file = Mutex(Descriptor(raw: -1))

  /// Counts below `folder`, which need not exist yet.
  public init(_ folder: FilePath) { path = folder.string + "/" + Self.fileName }

  /// Notes that a journal was made.
  func noteMade() { add(1) }

  /// Notes that one ended, with so many bytes of output.
  func noteEnded(bytes: UInt64) { add(Int(min(1 + bytes / Self.unit, Self.due))) }

  /// Makes pruning due, for the next process that looks.
  func makeDue() { add(Int(Self.due)) }

  private func add(_ count: Int) {
    file.withLock { file in
      guard Self.open(&file, path) else { return }
      let bytes = [UInt8](repeating: UInt8(ascii: "+"), count: count)
      // A full disk may refuse the byte but not the longer length; pruning is what helps then.
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

  /// Begins a new count; only called with the lock held.
  func restart() {
    file.withLock { file in
      if Self.open(&file, path) { _ = ftruncate(file.raw, 0) }
    }
  }

  /// The lock of the process that prunes, held until it is closed; nil while another has it, or when it cannot be taken.
  ///
  /// - Parameter waits: sleeps until another process has given it back.
  func lock(waits: Bool = false) -> Descriptor? {
    // A descriptor of its own, so that the lock also excludes other threads of this process.
    guard let file = try? Self.open(path), FileCalls.lock(file.raw, waits ? LOCK_EX : LOCK_EX | LOCK_NB) == nil else {
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
