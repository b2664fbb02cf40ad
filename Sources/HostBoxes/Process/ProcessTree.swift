package import ExecEngine
import ExecModel
import Glibc
import Linux

/// The resource usage of processes and their descendants, from `/proc`.
///
/// An orphaned process is not found. Memory shared by processes counts for each of them.
package enum ProcessTree {
  /// The maximum number of processes examined: a command that forks continuously must not cost unbounded time.
  static let most = 2000

  private static let page = UInt64(max(1, getpagesize()))

  /// The total usage of these processes and their descendants; nil when none of them exists.
  package static func usage(of roots: [Int32]) -> ResourceUsage? {
    var waiting = roots
    var seen = Set(roots)
    var sum = (memory: UInt64(0), ticks: UInt64(0), count: 0)
    while let next = waiting.popLast(), sum.count < most {
      let process = ProcessDirectory(processIdentifier: next)
      guard let fields = process.statFields(), fields.count > 21 else { continue }
      sum.count += 1
      sum.memory &+= (UInt64(fields[21]) ?? 0) &* page
      // Its own time and that of its reaped children, in user and kernel mode.
      sum.ticks = fields[11...14].reduce(sum.ticks) { $0 &+ (UInt64($1) ?? 0) }
      waiting += children(of: process, threads: Int(fields[17]) ?? 1).filter { seen.insert($0).inserted }
    }
    guard sum.count > 0 else { return nil }
    return ResourceUsage(memory: sum.memory, processorNanoseconds: sum.ticks &* BootClock.tick, processes: sum.count)
  }

  private static func children(of process: ProcessDirectory, threads: Int) -> [Int32] {
    guard threads > 1 else { return process.children() }
    return process.threads().flatMap { process.children(ofThread: $0) }
  }
}

/// Scans `/proc` for the processes that hold a command's streams open.
struct HolderScan {
  /// The name of a stream's other end in `/proc/PID/fd`.
  struct Link {
    let name: String
    let stream: ExecStream
  }

  private let links: [Link]
  private let excluded: Set<Int32>
  /// The identities of the links' paths; a pipe has no path, and its name is enough.
  private let identities: [String: FileIdentity]

  /// Searches for these links; this process, which has the reading ends, and the command itself are excluded.
  init(links: [Link], excluding leader: Int32) {
    self.links = links
    identities = links.reduce(into: [:]) { $0[$1.name] = FileIdentity(of: $1.name) }
    excluded = [leader, getpid()]
  }

  /// The holders in the order of their IDs; processes that may not be examined are missing.
  func run() -> [PipeHolder] {
    ProcessDirectory.all().filter { !excluded.contains($0) }.sorted().compactMap(holder)
  }

  private func holder(_ processIdentifier: Int32) -> PipeHolder? {
    let process = ProcessDirectory(processIdentifier: processIdentifier)
    // A child of this process before its exec has the reading ends open; only a writing end holds a stream open.
    let descriptors = process.writableDescriptors()
    let held = links.filter { link in descriptors.contains { isSame(link, $0.link, $0.target) } }
    guard !held.isEmpty else { return nil }
    let streams = held.reduce(into: StreamSet()) { $0.insert(StreamSet($1.stream)) }
    return PipeHolder(processIdentifier: processIdentifier, command: process.command(), streams: streams)
  }

  /// By name first, which is cheap; then by file identity, because another mount may use the same name.
  private func isSame(_ link: Link, _ descriptor: String, _ target: String) -> Bool {
    guard target == link.name else { return false }
    guard let identity = identities[link.name] else { return true }
    return FileIdentity(of: descriptor) == identity
  }
}
