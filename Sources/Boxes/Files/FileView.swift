import CExecShims
import Glibc

/// A tree of files as a command will see it, looked at from here.
enum FileView: Sendable {
  /// This process's own.
  case host
  /// That of a sandbox which is not made yet.
  case sandbox([SandboxBind])
  /// What another process has as its root; links lead to where they lead there.
  case root(RootDirectory)

  /// What a name leads to; a relative one starts in this process's directory, with a root at the root.
  func look(_ path: String) -> FileLook {
    switch self {
    case .host: return Self.lookHere(path)
    case .sandbox(let binds):
      if let bound = binds.last(where: { $0.shows(path) }) { return Self.lookHere(bound.hostPath(of: path)) }
      let look = Self.lookHere(path)
      // A directory stays one for whoever asks what kind of file it is; entering it is refused by its owner.
      if case .directory = look { return look }
      return SandboxTree.hides(path) ? .hidden : look
    case .root(let root): return Self.look(path, beneath: root.descriptor)
    }
  }

  /// Whether a file of the host lies where the box shows something else.
  func hides(_ path: String) -> Bool {
    switch self {
    case .host, .root: false
    case .sandbox(let binds): !binds.contains { $0.shows(path) } && SandboxTree.hides(path)
    }
  }

  /// Opens a file for reading; a descriptor, or a negative number.
  func open(_ path: String) -> Int32 {
    switch self {
    case .host: return Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    case .sandbox(let binds):
      let file = binds.last { $0.shows(path) }?.hostPath(of: path) ?? path
      return Glibc.open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    case .root(let root): return cexec_open_beneath(root.descriptor, path)
    }
  }

  private static func lookHere(_ path: String) -> FileLook {
    var status = stat()
    guard stat(path, &status) == 0 else { return .failed(errno) }
    return look(mode: status.st_mode, mayExecute: access(path, X_OK) == 0)
  }

  private static func look(_ path: String, beneath root: Int32) -> FileLook {
    var mode: UInt32 = 0
    var mayExecute: Int32 = 0
    let error = cexec_look_beneath(root, path, &mode, &mayExecute)
    return error == 0 ? look(mode: mode, mayExecute: mayExecute != 0) : .failed(error)
  }

  private static func look(mode: mode_t, mayExecute: Bool) -> FileLook {
    mode & S_IFMT == S_IFDIR ? .directory(isEnterable: mayExecute) : .file(isExecutable: mayExecute)
  }
}
