import CExecShims
import Glibc
import SystemPackage

/// Whether a process sees the same machine as we: a command in a sandbox or a container has our user's number, and is not
/// to be taken for our user.
enum PeerPlace {
  /// Why a process of a Unix socket's other end is not believed; nil when it is.
  ///
  /// - Parameters:
  ///   - process: its number; 0 when our namespace of process numbers does not hold it.
  ///   - handle: its pidfd; -1 where the kernel has none.
  static func objection(to process: Int32, handle: Int32) -> String? {
    if process == getpid() { return nil }
    guard process > 0 else { return refusal("a process", "process numbers") }
    let words = difference(process)
    // Looked at last: whatever was read above was read of this very process.
    if handle >= 0, cexec_pidfd_runs(handle) == 0 { return "process \(process) has ended since it connected" }
    return words
  }

  /// CLONE_NEWUSER, CLONE_NEWPID and CLONE_NEWNS of clone(2), which Swift's module of the C library lacks.
  private static let kinds: [(flag: Int32, name: String)] = [
    (0x1000_0000, "users"), (0x2000_0000, "process numbers"), (0x2_0000, "mounts"),
  ]

  private static func difference(_ process: Int32) -> String? {
    let flags = cexec_differing_namespaces(process)
    guard flags >= 0 else { return publicDifference(process) }
    return kinds.first { flags & $0.flag != 0 }.map { refusal("process \(process)", $0.name) }
  }

  private static func refusal(_ process: String, _ kind: String) -> String {
    """
    \(process) is in another namespace of \(kind) (a sandbox or a container) than this boxwatch: \
    what has our user's number there is not answered without a key
    """
  }

  /// By what everybody may read of a process: one that cannot be debugged hides its namespaces, as a server with a key does.
  static func publicDifference(_ process: Int32) -> String? {
    guard let its = View("\(process)"), let ours = View("self") else {
      return "nothing can be found out about process \(process)"
    }
    if its.depth != ours.depth { return refusal("process \(process)", "process numbers") }
    return its.mount == ours.mount ? nil : refusal("process \(process)", "mounts")
  }

  private struct View {
    /// The first mount's number, which no other namespace has (mountinfo in proc(5)).
    let mount: Substring
    /// In how many namespaces of process numbers it is, from ours on (`NSpid` in proc(5)).
    let depth: Int

    init?(_ process: String) {
      guard let mounts = Self.text("/proc/\(process)/mountinfo"), let status = Self.text("/proc/\(process)/status"),
        let mount = mounts.split(separator: " ", maxSplits: 1).first,
        let numbers = status.split(separator: "\n").first(where: { $0.hasPrefix("NSpid:") })
      else { return nil }
      self.mount = mount
      depth = numbers.split(whereSeparator: \.isWhitespace).count - 1
    }

    /// A file's first 4 KiB.
    private static func text(_ path: String) -> String? {
      var bytes = [UInt8](repeating: 0, count: 4096)
      guard let file = try? FileDescriptor.open(path, .readOnly, options: .closeOnExec),
        let count = try? file.closeAfter({ try bytes.withUnsafeMutableBytes { try file.read(into: $0) } }), count > 0
      else { return nil }
      return String(decoding: bytes.prefix(count), as: UTF8.self)
    }
  }
}
