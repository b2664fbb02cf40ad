import ExecModel
import Glibc

/// Looks through `/proc` for the processes that hold a command's streams open.
struct HolderScan {
  /// What a stream's other end is called in `/proc/PID/fd`.
  struct Link {
    let name: String
    let stream: ExecStream
  }

  private let links: [Link]
  private let excluded: Set<Int32>
  /// Which files the links' paths are here; a pipe has no path, and its name is enough.
  private let identities: [String: FileIdentity]

  /// Looks for these links; this process, which has the reading ends, and the command itself do not count.
  init(links: [Link], excluding leader: Int32) {
    self.links = links
    identities = links.reduce(into: [:]) { $0[$1.name] = FileIdentity(of: $1.name) }
    excluded = [leader, getpid()]
  }

  /// The holders in the order of their numbers; processes that may not be looked into are missing.
  func run() -> [PipeHolder] {
    ProcessDirectory.all().filter { !excluded.contains($0) }.sorted().compactMap(holder)
  }

  private func holder(_ processIdentifier: Int32) -> PipeHolder? {
    let process = ProcessDirectory(processIdentifier: processIdentifier)
    // A child of this process that has not reached its exec yet has our reading ends; only a writing end keeps a stream open.
    let descriptors = process.writableDescriptors()
    let held = links.filter { link in descriptors.contains { isSame(link, $0.link, $0.target) } }
    guard !held.isEmpty else { return nil }
    let streams = held.reduce(into: StreamSet()) { $0.insert(StreamSet($1.stream)) }
    return PipeHolder(processIdentifier: processIdentifier, command: process.command(), streams: streams)
  }

  /// By name first, which is cheap; then by the file, since another mount may use the name, too.
  private func isSame(_ link: Link, _ descriptor: String, _ target: String) -> Bool {
    guard target == link.name else { return false }
    guard let identity = identities[link.name] else { return true }
    return FileIdentity(of: descriptor) == identity
  }
}
