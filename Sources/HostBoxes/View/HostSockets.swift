import Glibc
import Linux

/// The files of Unix sockets that host programs have bound and that a command in a sandbox could connect to.
///
/// The kernel's table (`/proc/net/unix`, proc(5)) has the name that a program passed to bind(2), for the sockets of
/// this process's network namespace. Links in an absolute name are resolved. A relative name does not identify its
/// folder, and a missing file may have been renamed: if there is such a name, the working directory is searched.
enum HostSockets {
  private static let mostBytes = 4 << 20
  /// The bounds of the search, so that a large working directory does not delay every start.
  static let mostEntries = 5_000
  static let mostFolders = 8

  /// The paths of the files, links resolved, each path once; the table has a line for every connection.
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

  /// The names in the table that have a file.
  ///
  /// Each line has seven columns and then the name, which may contain spaces; abstract names begin with `@`.
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
    /// This user, and so a sandbox of this user, cannot reach it.
    case unreachable
  }

  private static func file(of name: String) -> File {
    guard name.hasPrefix("/") else { return .unknown }
    guard let path = HostPath.real(name) else { return errno == EACCES ? .unreachable : .unknown }
    return isSocket(path) ? .found(path) : .unknown
  }

  /// The socket files in a folder, outer folders first; links are not followed.
  static func search(_ folder: String) -> [String] {
    var found: [String] = []
    var left = mostEntries
    var folders = [folder]
    for _ in 0..<mostFolders where !folders.isEmpty {
      var inner: [String] = []
      for folder in folders where left > 0 {
        let entries = FolderContents.entries(in: folder, atMost: left)
        left -= entries.count
        for entry in entries {
          let path = folder + "/" + entry.name
          switch entry.type == 0 ? type(of: path) : mode_t(entry.type) << 12 {
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
