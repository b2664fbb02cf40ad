import ExecModel
import Glibc
import Linux
import SystemPackage

/// Creates the files of a journal.
enum JournalFiles {
  /// The names of all files of a journal.
  static let names = ["stdout", "stderr", JournalHeader.fileName, SpecDocument.fileName]

  /// The name prefix of a folder while its journal is being created; lists ignore it.
  static let draftPrefix = ".new-"

  /// Splits the path of a journal before its last component.
  ///
  /// On strings: `FilePath` normalizes the whole path each time, which was a third of the cost of creating a journal.
  static func split(_ path: String) -> (parent: String, name: String) {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return (".", path) }
    return (slash == path.startIndex ? "/" : String(path[..<slash]), String(path[path.index(after: slash)...]))
  }

  /// Creates the folder, the events and the spec under a temporary name, then renames the folder.
  ///
  /// A journal that is found is thus complete, and its events are locked while its writer is alive. ``JournalPruner``
  /// sweeps what a writer killed in here leaves.
  static func create(
    _ directory: FilePath, _ document: SpecDocument, recordAllowance: UInt64
  ) throws(JournalError) -> EventsFile {
    let path = directory.string
    let (parent, name) = split(path)
    let draft = parent + "/" + draftPrefix + name
    try makeFolder(draft, for: directory)
    var failing = ""
    do throws(Errno) {
      let folder = try Descriptor.open(draft, in: AT_FDCWD, flags: O_RDONLY | O_DIRECTORY)
      defer { withExtendedLifetime(folder) {} }
      failing = "/" + JournalHeader.fileName
      let events = try makeEvents(in: folder.raw, recordAllowance)
      failing = "/" + SpecDocument.fileName
      try write(document, in: folder.raw)
      failing = ""
      if let error = FileCalls.renameToNew(draft, path) { throw error }
      return events
    } catch {
      remove(draft)
      throw JournalError(errno: error, path: path + failing, attempt: "create")
    }
  }

  /// Creates the folder; its parents only when they are missing.
  private static func makeFolder(_ draft: String, for directory: FilePath) throws(JournalError) {
    if mkdir(draft, 0o700) == 0 { return }
    var error = Errno(rawValue: errno)
    if error == .noSuchFileOrDirectory, !directory.removingLastComponent().isEmpty {
      try makeParents(directory.removingLastComponent())
      if mkdir(draft, 0o700) == 0 { return }
      error = Errno(rawValue: errno)
    }
    throw JournalError(errno: error, path: directory.string, attempt: "create the folder")
  }

  private static func makeParents(_ directory: FilePath) throws(JournalError) {
    if mkdir(directory.string, 0o700) == 0 || errno == EEXIST { return }
    guard errno == ENOENT, !directory.removingLastComponent().isEmpty else {
      throw JournalError(errno: Errno(rawValue: errno), path: directory.string, attempt: "create the folder")
    }
    try makeParents(directory.removingLastComponent())
    if mkdir(directory.string, 0o700) == 0 || errno == EEXIST { return }
    throw JournalError(errno: Errno(rawValue: errno), path: directory.string, attempt: "create the folder")
  }

  private static func makeEvents(in folder: Int32, _ recordAllowance: UInt64) throws(Errno) -> EventsFile {
    let file = try Descriptor.open(
      JournalHeader.fileName, in: folder, flags: O_RDWR | O_CREAT | O_EXCL, mode: 0o600)
    // Waits: a reader that checks the lock holds a shared lock for a moment.
    if let error = FileLock.takeExclusive(of: file.raw, within: 2000) { throw error }
    return try EventsFile(file, recordAllowance: recordAllowance)
  }

  private static func write(_ document: SpecDocument, in folder: Int32) throws(Errno) {
    let bytes = document.encoded()
    let file = try Descriptor.open(
      SpecDocument.fileName, in: folder, flags: O_WRONLY | O_CREAT | O_EXCL, mode: 0o600)
    defer { withExtendedLifetime(file) {} }
    let (_, error) = bytes.withUnsafeBytes { FileCalls.write($0, to: file.raw, at: 0) }
    if let error { throw error }
  }

  /// Removes an unfinished journal; foreign files in the folder stay, and then so does the folder.
  private static func remove(_ draft: String) {
    for name in names { _ = unlink(draft + "/" + name) }
    _ = rmdir(draft)
  }
}
