public import ExecModel
import Glibc
import SystemPackage

extension JournalCatalogue {
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
      let events = try Descriptor.open(JournalHeader.fileName, in: folder.raw, flags: O_RDONLY | O_NONBLOCK)
      // Held until the files are gone: nobody who looks meanwhile takes a half-removed journal for a dead one.
      if let error = FileCalls.lock(events.raw, LOCK_EX | LOCK_NB) {
        throw error == Errno(rawValue: EWOULDBLOCK) ? Errno(rawValue: EBUSY) : error
      }
      for name in JournalFiles.names { try unlink(name, in: folder.raw) }
      guard rmdir(directory.string) == 0 else { throw Errno(rawValue: errno) }
    } catch {
      throw JournalError(errno: error, path: directory.string, attempt: "remove the journal")
    }
  }

  private static func unlink(_ name: String, in folder: Int32) throws(Errno) {
    guard unlinkat(folder, name, 0) != 0, errno != ENOENT else { return }
    throw Errno(rawValue: errno)
  }

  /// Removes what a retention gives up, and tells what could not be removed.
  public func prune(_ retention: Retention, of listing: JournalListing) -> [JournalError] {
    retention.victims(of: listing.entries).compactMap { entry in
      do throws(JournalError) {
        try remove(entry)
        return nil
      } catch { return error }
    }
  }
}
