import Glibc
import SystemPackage

/// A folder of a test's own, removed with all that is in it when the test lets go of it.
final class TemporaryFolder: Sendable {
  let path: FilePath

  init(in parent: String = "/tmp") throws {
    var name = Array("\(parent)/journal-test-XXXXXX".utf8CString)
    guard let made = mkdtemp(&name) else { throw Errno(rawValue: errno) }
    path = FilePath(String(cString: made))
  }

  deinit { Self.remove(path.string) }

  private static func remove(_ path: String) {
    if unlink(path) == 0 { return }
    for name in names(in: path) { remove("\(path)/\(name)") }
    _ = rmdir(path)
  }

  static func names(in path: String) -> [String] {
    guard let folder = opendir(path) else { return [] }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
      if name != ".", name != ".." { names.append(name) }
    }
    return names
  }
}
