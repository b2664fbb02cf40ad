import CExecShims
import Glibc
import Linux
import SystemPackage

/// Paths of this host, as this process sees them.
enum HostPath {
  /// This process's working directory; nil when it was removed.
  static var current: String? { real(".") }

  /// The path with all links resolved; nil when it does not exist.
  static func real(_ path: String) -> String? {
    guard let resolved = realpath(path, nil) else { return nil }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  /// The target of a link; nil when the path is not a link.
  static func link(_ path: String) -> String? {
    let bytes = [UInt8](unsafeUninitializedCapacity: Int(PATH_MAX)) { buffer, count in
      count = buffer.withMemoryRebound(to: CChar.self) { chars in
        chars.baseAddress.map { max(0, readlink(path, $0, Int(PATH_MAX))) } ?? 0
      }
    }
    return bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self)
  }

  /// What is known of a file; links are not followed.
  enum Sight {
    /// Its type and permissions.
    case file(mode_t)
    /// It does not exist, or this user cannot reach it.
    case nothing
    /// It could not be examined and may be anything; code that hides files must treat it as a file to hide.
    case unknown
  }

  static func sight(of path: String) -> Sight {
    var status = stat()
    if lstat(path, &status) == 0 { return .file(status.st_mode) }
    return [ENOENT, ENOTDIR, EACCES, ELOOP, ENAMETOOLONG].contains(errno) ? .nothing : .unknown
  }

  /// Whether it is a folder and not a link to one; `guess` is returned for what could not be examined.
  static func isFolder(_ path: String, orUnknown guess: Bool = false) -> Bool {
    switch sight(of: path) {
    case .file(let mode): mode & S_IFMT == S_IFDIR
    case .nothing: false
    case .unknown: guess
    }
  }

  /// The path without empty components and `.`; `..` may pass through links and is kept.
  static func clean(_ path: String) -> String {
    "/" + path.split(separator: "/").filter { $0 != "." }.joined(separator: "/")
  }

  /// Whether a path equals another, or is inside it.
  static func isWithin(_ path: String, _ folder: String) -> Bool {
    path == folder || folder == "/" || path.hasPrefix(folder + "/")
  }
}

/// The root directory of another process, kept open.
final class RootDirectory: Sendable {
  /// Refers to the directory (`O_PATH`, open(2)).
  let descriptor: Descriptor

  /// Opens the root directory of a process.
  init(of processIdentifier: Int32) throws(Errno) {
    let answer = cexec_open_root("/proc/\(processIdentifier)/root")
    descriptor = Descriptor(raw: answer)
    guard descriptor.isOpen else { throw Errno(rawValue: -answer) }
  }
}

/// The result of looking up a path.
enum FileLook: Hashable, Sendable {
  /// A file that is not a directory, and whether this user may execute it.
  case file(isExecutable: Bool)
  /// A directory, and whether this user may enter it.
  case directory(isEnterable: Bool)
  /// A file or directory of the host that the box does not show.
  case hidden
  /// Not accessible, by the error number of stat(2).
  case failed(Int32)
}

/// A file tree as a command will see it, examined from this process.
enum FileView: Sendable {
  /// This process's own.
  case host
  /// That of a sandbox that is not made yet.
  case sandbox(SandboxView)
  /// The root directory of another process; links are resolved in it.
  case root(RootDirectory)

  /// Looks up a path; a relative one starts in this process's directory, in a root view at the root.
  func look(_ path: String) -> FileLook {
    switch self {
    case .host: return Self.lookHere(path)
    case .sandbox(let view): return Self.look(path, in: view)
    case .root(let root): return Self.orHidden(Self.look(path, beneath: root.descriptor.raw), path)
    }
  }

  private static func look(_ path: String, in view: SandboxView) -> FileLook {
    switch view.resolve(path.hasPrefix("/") ? path : view.directory + "/" + path) {
    case .own: .directory(isEnterable: true)
    case .host(let file): lookUnprivileged(file)
    case .link, .nothing: orHidden(.failed(ENOENT), path)
    }
  }

  /// Distinguishes what the box does not show from what does not exist.
  private static func orHidden(_ look: FileLook, _ path: String) -> FileLook {
    guard look == .failed(ENOENT), path.hasPrefix("/") else { return look }
    if case .failed = lookHere(path) { return look }
    return .hidden
  }

  /// Opens a file for reading; returns a descriptor or a negative number.
  func open(_ path: String) -> Int32 {
    switch self {
    case .host: return Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    case .sandbox(let view):
      guard case .host(let file) = view.resolve(path) else { return -ENOENT }
      return Glibc.open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    case .root(let root): return cexec_open_beneath(root.descriptor.raw, path)
    }
  }

  private static func lookHere(_ path: String) -> FileLook {
    var status = stat()
    guard stat(path, &status) == 0 else { return .failed(errno) }
    guard access(path, X_OK) != 0 else { return look(mode: status.st_mode, mayExecute: true) }
    // Other errors do not concern the permission.
    return [EACCES, EPERM].contains(errno) ? look(mode: status.st_mode, mayExecute: false) : .failed(errno)
  }

  /// As a command without capabilities: root's right to enter every folder is a capability.
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
