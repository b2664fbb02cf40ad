import ExecModel
import Glibc

/// A container's process as this host sees it, when the engine runs here; told apart from a stranger with its number.
struct HostProcess: Hashable, Sendable {
  let processIdentifier: Int32
  /// The number within its container.
  let innerIdentifier: Int32
  /// What it had open as its output when it was found, by the kernel's name.
  let links: [ExecStream: String]
  private let startTime: UInt64
  /// The file that lists the processes of its control group; nil when there is none to read.
  private let groupFile: String?

  /// Finds a process that an engine named; nil when it is over, or is not on this host.
  ///
  /// Its control group must name the container: the number may be one of another host's.
  init?(_ processIdentifier: Int32, container: String) {
    guard processIdentifier > 1, !container.isEmpty, let group = SmallFile.text("/proc/\(processIdentifier)/cgroup"),
      group.contains(container), let startTime = Self.startTime(processIdentifier)
    else { return nil }
    self.processIdentifier = processIdentifier
    self.startTime = startTime
    innerIdentifier = Self.innerIdentifier(processIdentifier)
    groupFile = Self.groupFile(group)
    let pairs: [(ExecStream, String)] = [(.stdout, 1), (.stderr, 2)].compactMap { stream, number in
      SmallFile.target(of: "/proc/\(processIdentifier)/fd/\(number)").map { (stream, $0) }
    }
    links = Dictionary(pairs.filter { Self.isStream($0.1) }) { first, _ in first }
  }

  private static func isStream(_ target: String) -> Bool {
    target.hasPrefix("pipe:[") || target.hasPrefix("/dev/pts/") || target.hasPrefix("socket:[")
  }

  /// Whether the process with the number is still this one, a zombie included.
  var isThere: Bool { Self.startTime(processIdentifier) == startTime }

  /// Sends a signal to its process group, whose leader an exec's process is; 0, or an error number of kill(2).
  ///
  /// When the leader is gone, the group is signalled only if a process of the container is in it.
  func signal(_ number: Int32) -> Int32 {
    let isGroup = isThere || members.contains { Self.group($0) == processIdentifier }
    guard isGroup else { return ESRCH }
    return kill(-processIdentifier, number) == 0 ? 0 : errno
  }

  /// The container's other processes that hold the streams open for writing.
  func holders(of streams: StreamSet) -> [PipeHolder] {
    let wanted = links.filter { streams.contains($0.key) }
    guard !wanted.isEmpty else { return [] }
    return members.filter { $0 != processIdentifier }.compactMap { member in
      let held = Self.writableTargets(member)
      let streams = wanted.filter { held.contains($0.value) }.keys.reduce(into: StreamSet()) {
        $0.insert(StreamSet($1))
      }
      guard !streams.isEmpty else { return nil }
      return PipeHolder(processIdentifier: member, command: Self.command(member), streams: streams)
    }
  }

  /// The processes of its control group.
  private var members: [Int32] {
    let text = groupFile.flatMap(SmallFile.text) ?? ""
    return text.split(separator: "\n").compactMap { Int32($0) }
  }
}

// MARK: - /proc (proc(5)) and cgroups(7)

extension HostProcess {
  /// The fields of `stat` behind the command's name, which may hold anything.
  private static func fields(_ process: Int32) -> [Substring]? {
    guard let text = SmallFile.text("/proc/\(process)/stat"), let end = text.lastIndex(of: ")") else { return nil }
    return text[text.index(after: end)...].split(separator: " ")
  }

  private static func startTime(_ process: Int32) -> UInt64? {
    guard let fields = fields(process), fields.count > 19 else { return nil }
    return UInt64(fields[19])
  }

  private static func group(_ process: Int32) -> Int32? {
    guard let fields = fields(process), fields.count > 2 else { return nil }
    return Int32(fields[2])
  }

  private static func innerIdentifier(_ process: Int32) -> Int32 {
    let lines = SmallFile.text("/proc/\(process)/status")?.split(separator: "\n") ?? []
    let line = lines.first { $0.hasPrefix("NSpid:") }
    return line?.split(whereSeparator: { $0 == "\t" || $0 == " " }).last.flatMap { Int32($0) } ?? process
  }

  /// Where the processes of one of the groups in `/proc/PID/cgroup` are listed: version 1, 2, or both side by side.
  private static func groupFile(_ text: String) -> String? {
    for line in text.split(separator: "\n") {
      let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard parts.count == 3 else { continue }
      let roots = parts[1].isEmpty ? ["/sys/fs/cgroup", "/sys/fs/cgroup/unified"] : ["/sys/fs/cgroup/\(parts[1])"]
      for root in roots where parts[2] != "/" {
        let file = root + parts[2] + "/cgroup.procs"
        if access(file, R_OK) == 0 { return file }
      }
    }
    return nil
  }

  private static func writableTargets(_ process: Int32) -> Set<String> {
    let folder = "/proc/\(process)/fd"
    let links = SmallFile.names(in: folder).map { folder + "/" + $0 }.filter { link in
      var status = stat()
      return lstat(link, &status) == 0 && status.st_mode & S_IWUSR != 0
    }
    return Set(links.compactMap(SmallFile.target))
  }

  private static func command(_ process: Int32) -> String {
    let words = SmallFile.read("/proc/\(process)/cmdline", atMost: 4096)?.split(separator: 0) ?? []
    let text = words.map { String(decoding: $0, as: UTF8.self) }.joined(separator: " ")
    return String(EngineAPIError.oneLine(text).prefix(200))
  }
}
