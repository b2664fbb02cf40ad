import ExecEngine
import ExecModel
import Glibc
import HostBoxes
import Linux
import Synchronization

/// Reads small files of other programs: settings and certificates.
enum SmallFile {
  /// The file's bytes, at most `limit`; nil when it cannot be read.
  static func read(_ path: String, atMost limit: Int = 1 << 20) -> [UInt8]? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 8192)
    while bytes.count < limit {
      let count = Glibc.read(descriptor, &chunk, chunk.count)
      if count < 0 { return nil }
      if count == 0 { break }
      bytes += chunk[..<count]
    }
    return bytes
  }
}

/// A container's main process on this host, cached: the container's usage is counted in its control
/// group.
final class MainProcess: Sendable {
  private let found = Mutex<HostProcess?>(nil)

  /// The container's usage; the engine is contacted only when the cached process is gone.
  func usage(of container: String, _ engine: EngineAccess) -> ResourceUsage? {
    process(of: container, engine)?.containerUsage()
  }

  private func process(of container: String, _ engine: EngineAccess) -> HostProcess? {
    if let known = found.withLock({ $0 }), known.isThere { return known }
    guard let client = try? engine.client(), let inspection = try? client.call(client.inspectContainer(container))
    else { return nil }
    let process = HostProcess(inspection.processIdentifier, container: inspection.identifier)
    found.withLock { $0 = process }
    return process
  }
}

/// A container's process on this host, when the engine runs here; a reused process number is
/// detected.
struct HostProcess: Sendable {
  let processIdentifier: Int32
  /// The number in the container's PID namespace.
  let innerIdentifier: Int32
  /// The kernel's names of its output files when it was found.
  let links: PerStream<String?>
  private let startTime: UInt64
  private let group: FoundGroup?

  /// Finds a process by the number that an engine reported; nil when it is over, or is not on this
  /// host.
  ///
  /// Its control group must name the container: the number may be from another host.
  init?(_ processIdentifier: Int32, container: String) {
    let process = ProcessDirectory(processIdentifier: processIdentifier)
    guard processIdentifier > 1, !container.isEmpty, process.groups()?.contains(container) == true,
      let startTime = process.startTime()
    else { return nil }
    self.processIdentifier = processIdentifier
    self.startTime = startTime
    innerIdentifier = process.innermostIdentifier() ?? processIdentifier
    group = FoundGroup(ofProcess: processIdentifier)
    links = PerStream(stdout: 1, stderr: 2).map { number in
      process.target(ofDescriptor: number).flatMap { Self.isStream($0) ? $0 : nil }
    }
  }

  private static func isStream(_ target: String) -> Bool {
    target.hasPrefix("pipe:[") || target.hasPrefix("/dev/pts/") || target.hasPrefix("socket:[")
  }

  /// Whether the process with the number is still this one, a zombie included.
  var isThere: Bool { ProcessDirectory(processIdentifier: processIdentifier).startTime() == startTime }

  /// Signals its process group, whose leader an exec's process is; returns 0, or an error number of
  /// kill(2).
  ///
  /// When the leader is gone, the group is signalled only if a process of the container is in it.
  func signal(_ number: Int32) -> Int32 {
    let isGroup = isThere || members.contains { isOfGroup($0) }
    guard isGroup else { return ESRCH }
    return kill(-processIdentifier, number) == 0 ? 0 : errno
  }

  private func isOfGroup(_ member: Int32) -> Bool {
    ProcessDirectory(processIdentifier: member).family()?.group == processIdentifier
  }

  /// The container's other processes that hold the streams open for writing.
  func holders(of streams: StreamSet) -> [PipeHolder] {
    let wanted = links.limited(to: streams)
    guard wanted != [:] else { return [] }
    return members.filter { $0 != processIdentifier }.compactMap { member in
      let process = ProcessDirectory(processIdentifier: member)
      let held = Set(process.writableDescriptors().map(\.target))
      let streams = wanted.streams { $0.map(held.contains) ?? false }
      guard !streams.isEmpty else { return nil }
      return PipeHolder(processIdentifier: member, command: process.command(), streams: streams)
    }
  }

  /// The usage of it and its descendants; nil when it is over.
  func usage() -> ResourceUsage? { isThere ? ProcessTree.usage(of: [processIdentifier]) : nil }

  /// The usage of the whole container.
  func containerUsage() -> ResourceUsage? { group?.usage() }

  /// The processes of its control group.
  private var members: [Int32] { group?.processes() ?? [] }
}
