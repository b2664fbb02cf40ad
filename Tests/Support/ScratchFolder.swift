import Glibc
public import SystemPackage

/// A folder of the test's own, deleted with the value.
public final class ScratchFolder: Sendable {
  /// Where it is.
  public let path: FilePath

  /// Makes the folder below `$TMPDIR` or `/tmp`.
  public init() {
    let base = FilePath(getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp")
    let chance = String(UInt64.random(in: .min ... .max), radix: 36)
    path = base.appending("boxwatch-test-\(chance)")
    let made = mkdir(path.string, 0o700)
    precondition(made == 0, "no scratch folder below \(base)")
  }

  deinit { Self.remove(path) }

  private static func remove(_ path: FilePath) {
    if let folder = opendir(path.string) {
      while let entry = readdir(folder) {
        let name = withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        if name != ".", name != ".." { remove(path.appending(name)) }
      }
      closedir(folder)
    }
    Glibc.remove(path.string)
  }
}
