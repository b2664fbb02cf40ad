import CExecShims
public import ExecModel
import Glibc
import SystemPackage

extension JournalCatalogue {
  /// What the name of a journal that is being removed begins with: no list has it, however the removal ends.
  static let removedPrefix = ".gone-"
  /// How old what a maker left must be before it is swept, in seconds: making a journal takes a millisecond.
  private static let sweepAge: Int64 = 60

  /// Removes a journal's files and its folder; what is not ours in the folder stays, and then so does the folder.
  ///
  /// Readers that have it open go on reading what they have open.
  ///
  /// - Throws: ``JournalError``, with `EBUSY` for a journal whose writer lives.
  public func remove(_ entry: JournalEntry) throws(JournalError) { try Self.remove(entry.directory) }

  /// Removes the journal of an execution; see ``remove(_:)-(JournalEntry)``.
  ///
  /// - Throws: ``JournalError``, with `EBUSY` for a journal whose writer lives.
  public func remove(_ id: ExecutionID) throws(JournalError) { try Self.remove(directory(of: id)) }

  private static func remove(_ directory: FilePath) throws(JournalError) {
    do throws(Errno) {
      let folder = try Descriptor.open(folder: directory)
      // Held until the files are gone: nobody who looks meanwhile takes a half-removed journal for a dead one.
      let lock = try Self.lock(in: folder.raw)
      defer { withExtendedLifetime(lock) {} }
      try remove(directory, folder.raw)
    } catch {
      throw JournalError(errno: error, path: directory.string, attempt: "remove the journal")
    }
  }

  private static func lock(in folder: Int32) throws(Errno) -> Descriptor {
    let events = try Descriptor.open(JournalHeader.fileName, in: folder, flags: O_RDONLY | O_NONBLOCK)
    if let error = FileCalls.lock(events.raw, LOCK_EX | LOCK_NB) {
      throw error == Errno(rawValue: EWOULDBLOCK) ? Errno(rawValue: EBUSY) : error
    }
    return events
  }

  /// Hides the folder first: whoever is killed in the middle leaves nothing that a list would have to explain.
  private static func remove(_ directory: FilePath, _ folder: Int32) throws(Errno) {
    let name = directory.lastComponent?.string ?? ""
    let hidden = directory.removingLastComponent().appending(removedPrefix + name)
    guard rename(directory.string, hidden.string) == 0 else { throw Errno(rawValue: errno) }
    do throws(Errno) {
      for name in JournalFiles.names { try unlink(name, in: folder) }
      guard rmdir(hidden.string) == 0 else { throw Errno(rawValue: errno) }
    } catch {
      _ = rename(hidden.string, directory.string)
      throw error
    }
  }

  private static func unlink(_ name: String, in folder: Int32) throws(Errno) {
    guard unlinkat(folder, name, 0) != 0, errno != ENOENT else { return }
    throw Errno(rawValue: errno)
  }
}

// MARK: - What nobody waits for

extension JournalCatalogue {
  /// Removes a journal of the past, a damaged one too; false when it stays, also for a ``JournalHold``.
  func removeQuietly(_ name: String) -> Bool {
    let path = directory.appending(name)
    guard let folder = try? Descriptor.open(folder: path), FileCalls.lock(folder.raw, LOCK_EX | LOCK_NB) == nil else {
      return false
    }
    defer { withExtendedLifetime(folder) {} }
    do throws(JournalError) {
      try Self.remove(path)
      return true
    } catch {
      // Without its events it is a half one of old; an empty folder goes, anything else is left alone.
      return error.errno == .noSuchFileOrDirectory && removeHalf(path)
    }
  }

  private func removeHalf(_ path: FilePath) -> Bool {
    // Events that could not be looked at may be there.
    guard access(path.appending(JournalHeader.fileName).string, F_OK) != 0, errno == ENOENT else { return false }
    _ = Glibc.unlink(path.appending(SpecDocument.fileName).string)
    return rmdir(path.string) == 0
  }

  /// Removes what a dead process left of making or removing a journal.
  func sweep(_ name: String) {
    let path = directory.appending(name)
    let changed = cexec_modified(path.string)
    guard name.hasPrefix(Self.removedPrefix) || Int64(time(nil)) - max(0, changed) >= Self.sweepAge,
      let folder = try? Descriptor.open(folder: path)
    else { return }
    // Its maker lives while the events are locked; without events there is nobody to lose anything.
    let lock = try? Self.lock(in: folder.raw)
    let hasNoEvents = lock == nil && faccessat(folder.raw, JournalHeader.fileName, F_OK, 0) != 0 && errno == ENOENT
    guard lock != nil || hasNoEvents else { return }
    for name in JournalFiles.names { _ = unlinkat(folder.raw, name, 0) }
    _ = rmdir(path.string)
    withExtendedLifetime(lock) {}
  }
}
