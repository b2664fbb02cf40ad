import ExecEngine
import ExecModel
import Glibc
import JSON
import Linux
import SystemPackage

/// A folder that only this user can read and write.
enum PrivateFolder {
  /// Creates it when it is missing, and checks that it is private.
  ///
  /// - Throws: ``/ExecEngine/BoxError`` for a folder that another user owns or can read, whose contents another user
  ///   could have written.
  static func prepare(_ path: String) throws(BoxError) {
    if mkdir(path, 0o700) != 0, errno != EEXIST {
      throw BoxError(.box, "cannot create the folder '\(path)': \(CgroupFile.words(of: errno))")
    }
    try check(path)
  }

  /// Checks a folder, without following a link that may have replaced it.
  ///
  /// - Throws: ``/ExecEngine/BoxError``.
  static func check(_ path: String) throws(BoxError) {
    var status = stat()
    guard lstat(path, &status) == 0 else {
      throw BoxError(.box, "cannot look at '\(path)': \(CgroupFile.words(of: errno))")
    }
    guard status.st_mode & S_IFMT == S_IFDIR else { throw BoxError(.box, "'\(path)' is not a folder: remove it") }
    guard status.st_uid == geteuid() else {
      throw BoxError(.box, "the folder '\(path)' belongs to another user, so it is not used")
    }
    guard status.st_mode & 0o077 == 0 else {
      throw BoxError(.box, "the folder '\(path)' is open to other users: it is not used (chmod 700 makes it private)")
    }
  }
}

/// The files of the kept boxes, `NAME.json` in a private folder.
struct KeptFiles: Sendable {
  /// The folder's path; its parent is private too.
  let folder: String

  private static let suffix = ".json"

  /// Creates the folders that are missing.
  ///
  /// - Throws: ``/ExecEngine/BoxError`` as ``PrivateFolder`` does.
  func prepare() throws(BoxError) {
    if let slash = folder.lastIndex(of: "/"), slash != folder.startIndex {
      try PrivateFolder.prepare(String(folder[..<slash]))
    }
    try PrivateFolder.prepare(folder)
  }

  /// The names of all records; empty before the first box was made.
  ///
  /// - Throws: ``/ExecEngine/BoxError`` for a folder that is not private to this user.
  func names() throws(BoxError) -> [String] {
    guard try isThere() else { return [] }
    let files = FolderContents.names(in: folder).filter { $0.hasSuffix(Self.suffix) && !$0.hasPrefix(".") }
    return files.map { String($0.dropLast(Self.suffix.count)) }.sorted()
  }

  /// The record with a name; nil when there is none.
  ///
  /// - Throws: ``/ExecEngine/BoxError`` for a file that cannot be read.
  func record(of name: String) throws(BoxError) -> KeptRecord? {
    guard (try? KeptName.check(name)) != nil, try isThere() else { return nil }
    // A name whose record could not be checked is not free.
    if access(path(name), F_OK) != 0, errno == ENOENT { return nil }
    do throws(JSONError) {
      let record = try KeptRecord(decoding: Array((CgroupFile.read(path(name)) ?? "").utf8))
      guard record.name == name else { throw JSONError("field 'name' is '\(record.name)'") }
      return record
    } catch {
      throw BoxError(.box, "the record of the kept box '\(name)' cannot be read (\(error)): remove '\(path(name))'")
    }
  }

  /// Writes a record atomically.
  func save(_ record: KeptRecord) throws(BoxError) {
    let new = folder + "/." + record.name + ".new"
    let error = Self.write(record.encoded(), to: new)
    guard error == 0, rename(new, path(record.name)) == 0 else {
      let number = error == 0 ? errno : error
      unlink(new)
      throw BoxError(.system(number), "cannot write '\(path(record.name))': \(CgroupFile.words(of: number))")
    }
  }

  func remove(_ name: String) { unlink(path(name)) }

  /// Runs `body` while no other process makes or removes a box.
  ///
  /// - Parameter patience: how many milliseconds to wait for another process: one that is stopped keeps the lock.
  /// - Throws: ``/ExecEngine/BoxError`` of `body`, or when the lock cannot be had.
  func locked<Value>(
    patience: Int32 = 30_000, _ body: () throws(BoxError) -> Value
  ) throws(BoxError) -> Value {
    try prepare()
    let file = open(folder + "/.lock", O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard file >= 0 else { throw BoxError(.system(errno), "cannot lock '\(folder)': \(CgroupFile.words(of: errno))") }
    defer { close(file) }
    let error = FileLock.takeExclusive(of: file, within: patience)
    guard error != .resourceBusy else {
      throw BoxError(
        .box, "another boxwatch has held '\(folder)/.lock' for too long: is it stopped?")
    }
    if let number = error?.rawValue {
      throw BoxError(.system(number), "cannot lock '\(folder)': \(CgroupFile.words(of: number))")
    }
    return try body()
  }

  private func path(_ name: String) -> String { folder + "/" + name + Self.suffix }

  private func isThere() throws(BoxError) -> Bool {
    if access(folder, F_OK) != 0, errno == ENOENT { return false }
    try PrivateFolder.check(folder)
    return true
  }

  private static func write(_ bytes: [UInt8], to path: String) -> Int32 {
    let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard file >= 0 else { return errno }
    defer { close(file) }
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
      guard count > 0 else { return count < 0 ? errno : ENOSPC }
      rest = rest.dropFirst(count)
    }
    return 0
  }
}
