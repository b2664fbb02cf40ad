import Glibc

/// What of `/proc` is the kernel's and not a process's, such as `/proc/sys`.
///
/// The kernel lets user 0 write to it by the files' permissions, also one without capabilities: by `kernel.core_pattern` a
/// command would run others as root on the host. bubblewrap covers what its own capabilities may write to, which
/// misses that. To others the settings of the sandbox's own namespaces are writable, which then are not either.
enum KernelFiles {
  /// What makes it readable at most, and what only root may read not even that; found once.
  static let covers: [SandboxLayer] = ProcessDirectory.names(in: "/proc").sorted().compactMap {
    layer("/proc/" + $0, $0)
  }

  private static func layer(_ path: String, _ name: String) -> SandboxLayer? {
    // The numbers are processes, which in the sandbox are its own.
    guard Int32(name) == nil else { return nil }
    switch HostPath.sight(of: path) {
    case .file(let mode): return layer(path, mode)
    case .nothing: return nil
    case .unknown: return .covered(path)
    }
  }

  private static func layer(_ path: String, _ mode: mode_t) -> SandboxLayer? {
    switch mode & S_IFMT {
    case S_IFLNK: return nil
    case S_IFDIR: return .shown(path)
    default:
      if mode & S_IROTH == 0 { return geteuid() == 0 ? .covered(path) : nil }
      return mode & 0o222 == 0 ? nil : .shown(path)
    }
  }
}
