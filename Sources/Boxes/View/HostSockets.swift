import Glibc

/// The files of the sockets that the host's programs are bound to, which commands of a sandbox could connect to.
///
/// The kernel's table (`/proc/net/unix`, proc(5)) has the name that a program gave to bind(2). An absolute one is followed
/// through its links. A relative one does not say to which folder, and one whose file is gone may have been renamed: if
/// there is such a name, the working directory is searched for files of sockets.
enum HostSockets {
  private static let mostBytes = 4 << 20
  /// The bounds of a search, so that a large working directory does not delay every start.
  static let mostEntries = 5_000
  static let mostFolders = 8

  /// Where the files are, without links; each once, though every connection has a line of its own.
  static func paths(_ workingDirectory: String?) -> [String] {
    var paths: Set<String> = []
    var isComplete = true
    for name in names(in: CgroupFile.read("/proc/net/unix", atMost: mostBytes) ?? "") {
      switch file(of: name) {
      case .found(let path): paths.insert(path)
      case .unknown: isComplete = false
      case .unreachable: break
      }
    }
    if !isComplete, let workingDirectory { paths.formUnion(search(workingDirectory)) }
    return paths.sorted()
  }

  /// Reads the table: seven columns, then the name, which may hold spaces; those without a file (`@`) are left out.
  static func names(in table: String) -> Set<String> {
    let names = table.split(separator: "\n").dropFirst().compactMap { line in
      let columns = line.split(separator: " ", maxSplits: 7, omittingEmptySubsequences: true)
      return columns.count == 8 && !columns[7].hasPrefix("@") ? String(columns[7]) : nil
    }
    return Set(names)
  }

  private enum File {
    case found(String)
    case unknown
    /// Neither this user nor a sandbox of this user gets there.
    case unreachable
  }

  private static func file(of name: String) -> File {
    guard name.hasPrefix("/") else { return .unknown }
    guard let path = HostPath.real(name) else { return errno == EACCES ? .unreachable : .unknown }
    return isSocket(path) ? .found(path) : .unknown
  }

  /// The files of sockets in a folder, the outer folders first, no link followed.
  static func search(_ folder: String) -> [String] {
    var found: [String] = []
    var left = mostEntries
    var folders = [folder]
    for _ in 0..<mostFolders where !folders.isEmpty {
      var inner: [String] = []
      for folder in folders where left > 0 {
        let entries = ProcessDirectory.entries(in: folder, atMost: left)
        left -= entries.count
        for entry in entries {
          let path = folder + "/" + entry.name
          switch entry.type == 0 ? type(of: path) : entry.type << 12 {
          case S_IFSOCK: found.append(path)
          case S_IFDIR: inner.append(path)
          default: break
          }
        }
      }
      folders = inner
    }
    return found
  }

  private static func type(of path: String) -> mode_t {
    switch HostPath.sight(of: path) {
    case .file(let mode): mode & S_IFMT
    case .nothing: 0
    case .unknown: S_IFSOCK
    }
  }

  private static func isSocket(_ path: String) -> Bool { type(of: path) == S_IFSOCK }
}
