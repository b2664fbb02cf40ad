import ExecEngine
import ExecModel
import Glibc

/// A folder that only this user can look into and write to.
enum PrivateFolder {
  /// Makes it when it is missing, and checks that it is ours alone.
  ///
  /// - Throws: ``/ExecEngine/BoxError`` for a folder that somebody else owns or can look into: what is in it could be
  ///   theirs.
  static func prepare(_ path: String) throws(BoxError) {
    if mkdir(path, 0o700) != 0, errno != EEXIST {
      throw BoxError(.box, "cannot make the folder '\(path)': \(CgroupFile.words(of: errno))")
    }
    try check(path)
  }

  /// Checks a folder, without following a link that somebody may have put in its place.
  ///
  /// - Throws: ``/ExecEngine/BoxError``.
  static func check(_ path: String) throws(BoxError) {
    var status = stat()
    guard lstat(path, &status) == 0 else {
      throw BoxError(.box, "cannot look at '\(path)': \(CgroupFile.words(of: errno))")
    }
    guard status.st_mode & S_IFMT == S_IFDIR else { throw BoxError(.box, "'\(path)' is no folder: remove it") }
    guard status.st_uid == geteuid() else {
      throw BoxError(.box, "the folder '\(path)' belongs to another user: it is not used")
    }
    guard status.st_mode & 0o077 == 0 else {
      throw BoxError(.box, "the folder '\(path)' is open to other users: it is not used (chmod 700 makes it private)")
    }
  }
}
