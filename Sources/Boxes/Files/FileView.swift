import CExecShims
import Glibc

/// A tree of files as a command will see it, looked at from here.
enum FileView: Sendable {
  /// This process's own.
  case host
  /// That of a sandbox which is not made yet.
  case sandbox(SandboxView)
  /// What another process has as its root; links lead to where they lead there.
  case root(RootDirectory)

  /// What a name leads to; a relative one starts in this process's directory, with a root at the root.
  func look(_ path: String) -> FileLook {
    switch self {
    case .host: return Self.lookHere(path)
    case .sandbox(let view): return Self.look(path, in: view)
    case .root(let root): return Self.orHidden(Self.look(path, beneath: root.descriptor), path)
    }
  }

  private static func look(_ path: String, in view: SandboxView) -> FileLook {
    switch view.resolve(path.hasPrefix("/") ? path : view.directory + "/" + path) {
    case .own: .directory(isEnterable: true)
    case .host(let file): lookUnprivileged(file)
    case .link, .nothing: orHidden(.failed(ENOENT), path)
    }
  }

  /// Tells what the box does not show from what is nowhere.
  private static func orHidden(_ look: FileLook, _ path: String) -> FileLook {
    guard look == .failed(ENOENT), path.hasPrefix("/") else { return look }
    if case .failed = lookHere(path) { return look }
    return .hidden
  }

  /// Opens a file for reading; a descriptor, or a negative number.
  func open(_ path: String) -> Int32 {
    switch self {
    case .host: return Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    case .sandbox(let view):
      guard case .host(let file) = view.resolve(path) else { return -ENOENT }
      return Glibc.open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    case .root(let root): return cexec_open_beneath(root.descriptor, path)
    }
  }

  private static func lookHere(_ path: String) -> FileLook {
    var status = stat()
    guard stat(path, &status) == 0 else { return .failed(errno) }
    guard access(path, X_OK) != 0 else { return look(mode: status.st_mode, mayExecute: true) }
    // Any other error says nothing about the permission.
    return [EACCES, EPERM].contains(errno) ? look(mode: status.st_mode, mayExecute: false) : .failed(errno)
  }

  /// As a command without capabilities sees it: root's right to enter every folder is one.
  private static func lookUnprivileged(_ path: String) -> FileLook {
    guard geteuid() == 0 else { return lookHere(path) }
    var status = stat()
    guard stat(path, &status) == 0 else { return .failed(errno) }
    let bit = status.st_uid == 0 ? S_IXUSR : status.st_gid == getegid() ? S_IXGRP : S_IXOTH
    return look(mode: status.st_mode, mayExecute: status.st_mode & bit != 0)
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
