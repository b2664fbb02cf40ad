/// One part of a sandbox's tree; a later one lies over an earlier one.
enum SandboxLayer: Hashable, Sendable {
  /// A file or folder of the host.
  case shown(SandboxBind)
  /// A folder of the sandbox's own: empty, writable, in memory, gone at its end.
  case own(String)
  /// A link.
  case link(at: String, to: String)
  /// A file of the host, covered by a file that cannot be opened.
  case covered(String)
  /// `/dev`, with the devices that every program expects and no others.
  case devices
  /// `/proc`, of the sandbox's own processes, read-only: to user 0 the kernel's settings in it are writable by their
  /// permissions, also without capabilities, and by `kernel.core_pattern` a command would run others as root on the host.
  case processes

  /// A file or folder of the host, read-only, where it is on the host.
  static func shown(_ path: String) -> SandboxLayer {
    .shown(SandboxBind(source: path, target: path, isReadOnly: true))
  }

  /// Where it lies in the sandbox.
  var target: String {
    switch self {
    case .shown(let bind): bind.target
    case .own(let path), .link(let path, _), .covered(let path): path
    case .devices: "/dev"
    case .processes: "/proc"
    }
  }

  /// bubblewrap's words for it.
  var words: [String] {
    switch self {
    case .shown(let bind): bind.words
    case .own(let path): ["--tmpfs", path]
    case .link(let path, let target): ["--symlink", target, path]
    // The mount allows no devices, so the kernel refuses to open it.
    case .covered(let path): ["--ro-bind", "/dev/null", path]
    case .devices: ["--dev", "/dev"]
    case .processes: ["--proc", "/proc", "--remount-ro", "/proc"]
    }
  }
}
