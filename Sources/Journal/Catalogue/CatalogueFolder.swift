public import ExecModel
import Glibc
import Linux
import SystemPackage

/// The folder of a catalogue, opened to measure and remove journals by name.
///
/// The kernel resolves names relative to the open folder, so removing one of thousands of journals builds no path.
struct CatalogueFolder: ~Copyable {
  /// The name prefix of a journal during its removal; lists ignore it, also when the removal is interrupted.
  static let removedPrefix = ".gone-"
  /// The age in seconds at which an unfinished journal is swept; creating a journal takes a millisecond.
  private static let sweepAge = 60

  private let folder: Descriptor

  init(_ path: String) throws(Errno) {
    folder = try Descriptor.open(path, in: AT_FDCWD, flags: O_RDONLY | O_DIRECTORY)
  }

  private func open(_ name: String) throws(Errno) -> Descriptor {
    try Descriptor.open(name, in: folder.raw, flags: O_RDONLY | O_DIRECTORY)
  }

  /// Bytes that a journal takes on the disk; 0 when there is no such journal.
  func diskBytes(_ name: String) -> UInt64 {
    JournalFiles.names.reduce(0) { $0 &+ FileCalls.diskBytes(of: name + "/" + $1, in: folder.raw) }
  }

  /// Removes a journal's files and its folder.
  ///
  /// - Throws: an `Errno`: `EBUSY` for a journal whose writer is alive.
  func remove(_ name: String) throws(Errno) {
    let journal = try open(name)
    defer { withExtendedLifetime(journal) {} }
    let events = try Self.openEvents(in: journal.raw)
    // Locked until the files are removed, so that no reader takes a half-removed journal for an interrupted one.
    do throws(Errno) { try Self.lock(events.raw, .exclusive) } catch {
      throw error == .wouldBlock ? .resourceBusy : error
    }
    try remove(name, journal.raw)
    withExtendedLifetime(events) {}
  }

  /// Removes a journal that is over, also a damaged one; returns false when it is kept because of its writer, a reader
  /// or a ``JournalHold``.
  func removeUnused(_ name: String) -> Bool {
    guard let journal = try? open(name) else { return false }
    defer { withExtendedLifetime(journal) {} }
    do throws(Errno) {
      let events = try Self.openEvents(in: journal.raw)
      // Check the writer's lock first. A writer that closes turns its hold into a lock on the folder just before it
      // unlocks the events; if the folder were locked here at that moment, the hold would fail.
      try Self.lock(events.raw, .shared)
      try Self.lock(journal.raw, .exclusive)
      try Self.lock(events.raw, .exclusive)
      try remove(name, journal.raw)
      withExtendedLifetime(events) {}
      return true
    } catch {
      return error == .noSuchFileOrDirectory && removeHalf(name, journal.raw)
    }
  }

  /// Renames the journal before its files are removed: a process killed in between leaves nothing that lists would
  /// show.
  private func remove(_ name: String, _ journal: Int32) throws(Errno) {
    let hidden = Self.removedPrefix + name
    guard renameat(folder.raw, name, folder.raw, hidden) == 0 else { throw Errno(rawValue: errno) }
    do throws(Errno) {
      for name in JournalFiles.names { try Self.unlink(name, in: journal) }
      guard unlinkat(folder.raw, hidden, AT_REMOVEDIR) == 0 else { throw Errno(rawValue: errno) }
    } catch {
      _ = renameat(folder.raw, hidden, folder.raw, name)
      throw error
    }
  }

  /// Removes a folder without events, left by an older version that was killed; foreign files in it stay.
  private func removeHalf(_ name: String, _ journal: Int32) -> Bool {
    guard Self.hasNoEvents(journal), FileLock.take(.exclusive, of: journal) == nil else { return false }
    _ = unlinkat(journal, SpecDocument.fileName, 0)
    return unlinkat(folder.raw, name, AT_REMOVEDIR) == 0
  }

  /// Removes what a dead process left when creating or removing a journal.
  func sweep(_ name: String) {
    guard let journal = try? open(name), name.hasPrefix(Self.removedPrefix) || Self.isOld(journal.raw) else { return }
    defer { withExtendedLifetime(journal) {} }
    do throws(Errno) {
      // The creator is alive while the events are locked.
      let events = try Self.openEvents(in: journal.raw)
      try Self.lock(events.raw, .exclusive)
      empty(name, journal.raw)
      withExtendedLifetime(events) {}
    } catch {
      if error == .noSuchFileOrDirectory { empty(name, journal.raw) }
    }
  }

  private func empty(_ name: String, _ journal: Int32) {
    for file in JournalFiles.names { _ = unlinkat(journal, file, 0) }
    _ = unlinkat(folder.raw, name, AT_REMOVEDIR)
  }
}

// MARK: - The files of one journal

extension CatalogueFolder {
  private static func openEvents(in journal: Int32) throws(Errno) -> Descriptor {
    try Descriptor.open(JournalHeader.fileName, in: journal, flags: O_RDONLY | O_NONBLOCK)
  }

  /// Whether there is certainly no events file; one that cannot be checked may exist.
  private static func hasNoEvents(_ journal: Int32) -> Bool {
    faccessat(journal, JournalHeader.fileName, F_OK, 0) != 0 && errno == ENOENT
  }

  private static func lock(_ file: Int32, _ kind: FileLock.Kind) throws(Errno) {
    if let error = FileLock.take(kind, of: file) { throw error }
  }

  private static func unlink(_ name: String, in journal: Int32) throws(Errno) {
    guard unlinkat(journal, name, 0) != 0, errno != ENOENT else { return }
    throw Errno(rawValue: errno)
  }

  private static func isOld(_ journal: Int32) -> Bool {
    var status = stat()
    return fstat(journal, &status) == 0 && time(nil) - max(0, status.st_mtim.tv_sec) >= sweepAge
  }
}

// MARK: - Removal on request

extension JournalCatalogue {
  /// Removes a journal's files and its folder; a folder with other files in it stays, with these files.
  ///
  /// Readers that have it open can continue to read their open files.
  ///
  /// - Throws: ``JournalError``, with `EBUSY` for a journal whose writer is alive.
  public func remove(_ entry: JournalEntry) throws(JournalError) { try Self.remove(entry.directory.string) }

  /// Removes the journal of an execution; see ``remove(_:)-(JournalEntry)``.
  ///
  /// - Throws: ``JournalError``, with `EBUSY` for a journal whose writer is alive.
  public func remove(_ id: ExecutionID) throws(JournalError) { try Self.remove(directory(of: id).string) }

  private static func remove(_ path: String) throws(JournalError) {
    let (parent, name) = JournalFiles.split(path)
    do throws(Errno) {
      try CatalogueFolder(parent).remove(name)
    } catch {
      throw JournalError(errno: error, path: path, attempt: "remove the journal")
    }
  }
}
