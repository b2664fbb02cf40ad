import Glibc
public import SystemPackage

/// A folder of the test's own, deleted with all that is in it when the test lets go of it.
public final class ScratchFolder: Sendable {
  /// Where it is.
  public let path: FilePath

  /// Makes the folder below `parent`, or else below `$TMPDIR` or `/tmp`.
  public init(in parent: String? = nil) {
    let base = FilePath(parent ?? getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp")
    let chance = String(UInt64.random(in: .min ... .max), radix: 36)
    path = base.appending("boxwatch-test-\(chance)")
    let made = mkdir(path.string, 0o700)
    precondition(made == 0, "no scratch folder below \(base)")
  }

  deinit { Self.remove(path.string) }

  private static func remove(_ path: String) {
    if unlink(path) == 0 { return }
    for name in names(in: path) { remove("\(path)/\(name)") }
    _ = rmdir(path)
  }

  /// The names of what is in a folder; none when it cannot be read.
  public static func names(in path: String) -> [String] {
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
