import ExecEngine
import ExecModel
import Glibc
import Linux
import Synchronization
import SystemPackage

/// A spawned command whose streams are pipes or a pty's master; the process type of every box in this module.
final class PipeProcess: BoxProcess {
  struct Parts {
    let leader: ProcessLeader
    let streams: [StreamSource]
    let input: InputSource?
    let terminal: TerminalMaster?
    let route: SignalRoute
    /// A cgroup that is released with the command.
    var lease: CgroupLease?

    /// Makes the entries in the pump's epoll set.
    ///
    /// - Throws: the error of epoll_ctl(2).
    func prepare() throws(Errno) {
      input?.start()
      for stream in streams { try stream.prepare() }
      try leader.prepare()
    }

    /// Starts reporting.
    func start() {
      for stream in streams { stream.start() }
      leader.start()
    }

    /// Releases everything except the lease.
    func release() {
      for source in streams { source.release() }
      input?.release()
      terminal?.release()
      leader.release()
    }
  }

  /// Nil once released, which also breaks the reference cycle between the engine's execution, this process and the
  /// sink.
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

  func endHold(_ stream: ExecStream) {
    for source in sources(StreamSet(stream)) { source.endHold() }
  }

  func level(_ stream: ExecStream) -> PipeLevel? { sources(StreamSet(stream)).first?.level() }

  func activity() -> ProcessActivity {
    guard let parts = current else { return .gone }
    let links = Self.links(parts.streams.filter(\.isOpen))
    return ProcessLook(links: links, leader: parts.leader.processIdentifier).run()
  }
}

/// A duplicate of a pty's master for resizing, so that the reader may close its own at any time.
final class TerminalMaster: Sendable {
  private let descriptor: Mutex<Descriptor>

  /// Takes over a descriptor.
  init(_ descriptor: consuming Descriptor) { self.descriptor = Mutex(descriptor) }

  /// Sets the terminal's size; its foreground process group gets SIGWINCH when the size changes.
  func resize(_ size: TerminalSize) {
    descriptor.withLock { descriptor in
      if descriptor.isOpen { PipeCalls.resize(descriptor.raw, rows: size.rows, columns: size.columns) }
    }
  }

  /// Closes the descriptor; later calls to `resize` do nothing.
  func release() {
    descriptor.withLock { $0.close() }
  }
}

/// The processes that receive a command's signals.
enum SignalRoute: Hashable, Sendable {
  /// The whole process group.
  case group
  /// The session without bubblewrap's own two processes.
  case sandboxed

  /// Sends the signal; returns 0 or an error number of kill(2).
  func deliver(_ signal: Signal, toGroup group: Int32) -> Int32 {
    switch self {
    case .group: Self.signalGroup(signal, group)
    case .sandboxed: Sandbox(monitor: group).signal(signal) ?? Self.signalGroup(signal, group)
    }
  }

  private static func signalGroup(_ signal: Signal, _ group: Int32) -> Int32 {
    kill(-group, signal.number) == 0 ? 0 : errno
  }
}
