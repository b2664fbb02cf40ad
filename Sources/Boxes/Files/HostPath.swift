import Glibc

/// Paths of this host, as this process sees them.
enum HostPath {
  /// This process's working directory; nil when it was removed.
  static var current: String? { real(".") }

  /// Where a path leads, all links followed; nil when it leads nowhere.
  static func real(_ path: String) -> String? {
    guard let resolved = realpath(path, nil) else { return nil }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  /// What a link says; nil for what is no link.
  static func link(_ path: String) -> String? {
    let bytes = [UInt8](unsafeUninitializedCapacity: Int(PATH_MAX)) { buffer, count in
      count = buffer.withMemoryRebound(to: CChar.self) { chars in
        chars.baseAddress.map { max(0, readlink(path, $0, Int(PATH_MAX))) } ?? 0
      }
    }
    return bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self)
  }

  /// What is known of a file, no link followed.
  enum Sight {
    /// Its type and permissions.
    case file(mode_t)
    /// Nothing is there, or nothing that this user reaches.
    case nothing
    /// It could not be looked at, and may be anything: what hides things must take it as what it hides.
    case unknown
  }

  static func sight(of path: String) -> Sight {
    var status = stat()
    if lstat(path, &status) == 0 { return .file(status.st_mode) }
    return [ENOENT, ENOTDIR, EACCES, ELOOP, ENAMETOOLONG].contains(errno) ? .nothing : .unknown
  }

  /// Whether it is a folder and no link to one; `guess` is the answer for what could not be looked at.
  static func isFolder(_ path: String, orUnknown guess: Bool = false) -> Bool {
    switch sight(of: path) {
    case .file(let mode): mode & S_IFMT == S_IFDIR
    case .nothing: false
    case .unknown: guess
    }
  }

  /// The path without empty parts and without `.`; `..` may pass through links, and stays.
  static func clean(_ path: String) -> String {
    "/" + path.split(separator: "/").filter { $0 != "." }.joined(separator: "/")
  }

  /// Whether one path is another, or lies in it.
  static func isWithin(_ path: String, _ folder: String) -> Bool {
    path == folder || folder == "/" || path.hasPrefix(folder + "/")
  }
}
