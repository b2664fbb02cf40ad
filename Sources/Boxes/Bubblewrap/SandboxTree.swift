import Glibc

/// What a sandbox shows of the host's files.
enum SandboxTree {
  private static let replaced = ["/tmp/", "/dev/"]

  /// Whether a file or directory of the host lies where the sandbox has a tree of its own.
  static func hides(_ path: String) -> Bool {
    let resolved = resolve(path) ?? path
    return replaced.contains { resolved.hasPrefix($0) }
  }

  /// Whether the sandbox can make a place for something at a path: its own trees are empty and in memory.
  static func makes(_ path: String) -> Bool { replaced.contains { path.hasPrefix($0) } }

  /// This process's working directory; nil when it was removed.
  static var currentDirectory: String? { resolve(".") }

  private static func resolve(_ path: String) -> String? {
    guard let resolved = realpath(path, nil) else { return nil }
    defer { free(resolved) }
    return String(cString: resolved)
  }
}
