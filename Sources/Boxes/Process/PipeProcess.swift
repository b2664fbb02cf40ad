import CExecShims
import ExecEngine
import ExecModel
import Synchronization
import SystemPackage

/// A spawned command whose streams are pipes or a terminal's master; what every box of this module returns.
final class PipeProcess: BoxProcess {
  struct Parts {
    let leader: ProcessLeader
    let streams: [StreamSource]
    let input: InputSource?
    let terminal: TerminalMaster?
    let route: SignalRoute
    /// A group that ends with the command.
    var lease: CgroupLease?

    /// Takes the places in the pump's epoll set.
    ///
    /// - Throws: why it has none (epoll_ctl(2)).
    func prepare() throws(Errno) {
      input?.start()
      for stream in streams { try stream.prepare() }
      try leader.prepare()
    }

    /// Reports from now on.
    func start() {
      for stream in streams { stream.start() }
      leader.start()
    }

    /// Gives everything back but the lease.
    func release() {
      for source in streams { source.release() }
      input?.release()
      terminal?.release()
      leader.release()
    }
  }

  /// Nil once released; that also breaks the circle between the engine's execution, this and the sink.
  private let parts: Mutex<Parts?>

  init(_ parts: Parts) { self.parts = Mutex(parts) }

  private var current: Parts? { parts.withLock { $0 } }

  func write(_ bytes: [UInt8], completion: @escaping @Sendable (InputError?) -> Void) {
    guard let input = current?.input else { return completion(.closed) }
    input.write(bytes, completion: completion)
  }

  func closeInput() { current?.input?.closeInput() }

  func signal(_ signal: Signal) throws(SignalError) {
    guard let parts = current else { throw .ended }
    try parts.leader.signal(signal, by: parts.route)
  }

  func resize(_ size: TerminalSize) { current?.terminal?.resize(size) }

  func emptyStreams(_ streams: StreamSet) {
    for source in sources(streams) { source.empty() }
  }

  func resumeReading(_ stream: ExecStream) {
    for source in sources(StreamSet(stream)) { source.resume() }
  }

  func holders(of streams: StreamSet) -> [PipeHolder] {
    let open = sources(streams).filter(\.isOpen)
    guard let leader = current?.leader, !open.isEmpty else { return [] }
    return HolderScan(links: Self.links(open), excluding: leader.processIdentifier).run()
  }

  private static func links(_ sources: [StreamSource]) -> [HolderScan.Link] {
    sources.map { HolderScan.Link(name: $0.linkName, stream: $0.stream) }
  }

  private func sources(_ streams: StreamSet) -> [StreamSource] {
    current?.streams.filter { streams.contains($0.stream) } ?? []
  }

  func usage() -> ResourceUsage? { current.flatMap { ProcessTree.usage(of: [$0.leader.processIdentifier]) } }

  func release() {
    let last = parts.withLock { parts in
      defer { parts = nil }
      return parts
    }
    last?.release()
    last?.lease?.end()
  }
}

extension PipeProcess: GatedProcess {
  func hold(_ stream: ExecStream) {
    for source in sources(StreamSet(stream)) { source.hold() }
  }

  func letGo(_ stream: ExecStream) {
    for source in sources(StreamSet(stream)) { source.letGo() }
  }

  func level(_ stream: ExecStream) -> PipeLevel? { sources(StreamSet(stream)).first?.level() }

  func sight() -> ProcessSight {
    guard let parts = current else { return .gone }
    let links = Self.links(parts.streams.filter(\.isOpen))
    return ProcessLook(links: links, leader: parts.leader.processIdentifier).run()
  }
}
