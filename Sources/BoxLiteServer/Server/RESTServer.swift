public import BoxLiteClient
import Dispatch
public import ExecEngine
import ExecModel
import Glibc
import Linux
import NIOCore
import NIOHTTP1
import NIOPosix
import NetworkBase
import Synchronization
import SystemPackage

/// The reason why a server could not be started, in one line.
public struct ServerError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The reason.
  public let description: String

  init(_ description: String) { self.description = description }
}

/// The shared parts of every connection of a server.
struct ServerParts: Sendable {
  let service: any Answering
  let admission: Admission
  let threads: ServerThreads
  let configuration: ServerConfiguration
  /// The room for bodies, pending answers and input of attached clients, each shared by all
  /// connections.
  let bodies: Room
  let answers: Room
  let input: Room

  /// The certificate; nil for clear text.
  let certificate: ServerCertificate?

  init(
    service: any Answering, admission: Admission, threads: ServerThreads, configuration: ServerConfiguration
  ) throws(ServerError) {
    certificate = try configuration.tls.map { files throws(ServerError) in try ServerCertificate(files) }
    (self.service, self.admission, self.threads) = (service, admission, threads)
    self.configuration = configuration
    let limits = configuration.limits
    (bodies, answers, input) = (Room(limits.bodies), Room(limits.answers), Room(limits.input))
  }
}

/// The threads of one listener.
struct ServerThreads: Sendable {
  /// The event loops that carry every connection.
  let loops: MultiThreadedEventLoopGroup
  /// Threads that answer requests, which may take as long as a box needs to start a command.
  let workers: NIOThreadPool
  /// Threads that read attached clients' output from the disk.
  let readers: NIOThreadPool
  /// The way for other threads to reach the loops.
  let door = LoopDoor()

  /// - Throws: ``/NetworkBase/Shortage`` when the process cannot have that many threads; none was started then.
  init(loops: Int, workers: Int, readers: Int) throws(Shortage) {
    (self.loops, self.workers, self.readers) = try EventLoops.make(loops: loops, threads: workers + readers) { loops in
      let pools = (NIOThreadPool(numberOfThreads: workers), NIOThreadPool(numberOfThreads: readers))
      pools.0.start()
      pools.1.start()
      return (loops, pools.0, pools.1)
    }
  }

  /// Ends the threads; returns after two seconds at the latest, which is reached only when the
  /// process is short of threads.
  func stop() {
    let gone = DispatchSemaphore(value: 0)
    // NIO ends its threads on a Dispatch thread, and Dispatch blocks its caller until a thread is
    // available.
    let failure = DetachedThread.start(name: "boxwatch-stop") {
      end()
      gone.signal()
    }
    if failure == nil { _ = gone.wait(timeout: .now() + 2) } else { door.shut() }
  }

  private func end() {
    // The workers first: their tasks return to the loops.
    try? workers.syncShutdownGracefully()
    try? readers.syncShutdownGracefully()
    door.shut()
    try? loops.syncShutdownGracefully()
  }
}

/// Gives other threads access to a server's event loops until the loops end: a command may outlive
/// its server.
final class LoopDoor: Sendable {
  private let isOpen = Mutex(true)

  /// Schedules work on a loop; does nothing once the door is shut.
  func execute(on loop: any EventLoop, _ body: @escaping @Sendable () -> Void) {
    // Inside the lock, so that no work is scheduled after the loops have ended.
    isOpen.withLock { if $0 { loop.execute(body) } }
  }

  /// Refuses further work.
  func shut() { isOpen.withLock { $0 = false } }
}

/// Serves BoxLite's REST API for an engine: to clients, or privately to the user who runs the
/// process.
public final class RESTServer: Sendable {
  /// The listening address, with the actual port when port 0 was requested.
  public let address: ListenAddress

  private let threads: ServerThreads
  private let channel: any Channel
  private let tasks: [RepeatedTask]
  private let store: Store
  /// The server's files; nil when it listens on the network.
  private let files: SocketFiles?
  private let isClosing = Atomic<Bool>(false)
  private let isStopped = Atomic<Bool>(false)

  /// Listens for clients and starts answering.
  ///
  /// - Throws: ``ServerError`` when the address is not available.
  public convenience init(
    _ engine: Engine, box: any Box, at address: ListenAddress, configuration: ServerConfiguration = .init()
  ) throws(ServerError) {
    let store = Store(engine, configuration) { NIODeadline.now().uptimeNanoseconds }
    try self.init(
      Service(store: store, boxes: OwnBoxes(box, configuration.limits)), at: address, configuration,
      Self.threads(loops: 2, workers: 4, readers: 2, at: address), Self.peers(configuration))
  }

  /// Listens for clients and forwards their boxes and commands to another BoxLite server, recording
  /// the executions here.
  ///
  /// The other server need not be reachable yet.
  ///
  /// - Parameters:
  ///   - engine: runs and records the executions.
  ///   - upstream: the other server.
  ///   - key: the key of the other server; nil for none.
  ///   - address: where to listen.
  ///   - configuration: the limits, times and access rules.
  /// - Throws: ``ServerError`` when the address is not available.
  public convenience init(
    _ engine: Engine, upstream: Endpoint, key: String?, at address: ListenAddress,
    configuration: ServerConfiguration = .init()
  ) throws(ServerError) {
    let store = Store(engine, configuration) { NIODeadline.now().uptimeNanoseconds }
    // More workers: each waits for the other server.
    try self.init(
      Service(store: store, boxes: UpstreamBoxes(upstream, key: key)), at: address, configuration,
      Self.threads(loops: 2, workers: 16, readers: 2, at: address), Self.peers(configuration))
  }

  /// Listens at a Unix socket for the user who runs the process, and shows every execution of the
  /// engine in a box `all`.
  ///
  /// The socket belongs to the user (0600). The kernel identifies each connecting process, which
  /// must be in our namespaces, and each request must carry the token from a file (0600) beside the
  /// socket (``InstanceToken``).
  ///
  /// - Parameters:
  ///   - engine: its executions are shown.
  ///   - kind: the kind of this boxwatch, for `/v1/me`.
  ///   - path: the path of the socket.
  ///   - server: the same engine's server for clients. Its claims are shared: of all clients
  ///     attached to an execution through either server, one may write.
  ///   - configuration: the limits and times.
  /// - Throws: ``ServerError`` when the path is not available.
  public convenience init(
    private engine: Engine, as kind: InstanceKind, at path: String, beside server: RESTServer? = nil,
    configuration: ServerConfiguration = .init()
  ) throws(ServerError) {
    var configuration = configuration
    let socket = FilePath(path)
    // Replacing its token would lock its clients out.
    if SocketFile.isListening(path) { throw ServerError(listeningAt: .unix(path: path), SocketFile.taken) }
    let key = try InstanceToken.make(beside: socket)
    configuration.key = key
    let store = server?.store ?? Store(engine, configuration) { NIODeadline.now().uptimeNanoseconds }
    do throws(ServerError) {
      try self.init(
        PrivateService(store, kind, server?.address), at: .unix(path: path), configuration,
        Self.threads(loops: 1, workers: 1, readers: 1, at: .unix(path: path)), PeerCheck(), reaps: server == nil,
        token: socket)
    } catch {
      InstanceToken.remove(key, beside: socket)
      throw error
    }
  }

  /// Without a key the kernel must identify the client, unless every client is allowed.
  private static func peers(_ configuration: ServerConfiguration) -> PeerCheck? {
    configuration.key == nil && !configuration.answersEverybody ? PeerCheck() : nil
  }

  init(
    _ service: any Answering, at address: ListenAddress, _ configuration: ServerConfiguration, _ threads: ServerThreads,
    _ peers: PeerCheck?, reaps: Bool = true, token: FilePath? = nil
  ) throws(ServerError) {
    (self.threads, store) = (threads, service.store)
    let parts: ServerParts
    do {
      parts = try ServerParts(
        service: service, admission: Self.admission(configuration.key, address, token), threads: threads,
        configuration: configuration)
      channel = try Listener(parts, threads.loops, peers).listen(address)
    } catch {
      threads.stop()
      throw ServerError(listeningAt: address, error)
    }
    self.address = Self.real(address, channel)
    tasks = Self.tasks(parts, reaps: reaps)
    files = SocketFiles(address, key: token.flatMap { _ in configuration.key })
    channel.closeFuture.whenComplete { [weak self, tell = configuration.tell] _ in self?.closed(tell) }
  }

  /// NIO closes a socket that the kernel refuses to watch (epoll_ctl(2)).
  private func closed(_ tell: (String) -> Void) {
    guard !isClosing.load(ordering: .relaxed) else { return }
    files?.remove()
    tell("no new client can connect to \(address): the kernel refused to watch its socket (epoll_ctl(2))")
  }

  /// The periodic tasks, run off the event loops.
  private static func tasks(_ parts: ServerParts, reaps: Bool) -> [RepeatedTask] {
    let (times, tell) = (parts.configuration.times, parts.configuration.tell)
    var tasks: [RepeatedTask] = []
    if reaps { tasks.append(every(times.reaper, parts.threads) { [store = parts.service.store] in store.reap() }) }
    if let certificate = parts.certificate {
      tasks.append(every(times.certificate, parts.threads) { if let line = certificate.refresh() { tell(line) } })
    }
    return tasks
  }

  private static func every(
    _ time: Duration, _ threads: ServerThreads, _ body: @escaping @Sendable () -> Void
  ) -> RepeatedTask {
    let tick = TimeAmount(time)
    return threads.loops.next().scheduleRepeatedTask(initialDelay: tick, delay: tick) { [readers = threads.readers] _ in
      readers.submit { if case .active = $0 { body() } }
    }
  }

  private static func admission(_ key: String?, _ address: ListenAddress, _ token: FilePath?) -> Admission {
    guard let token else { return Admission(key: key, at: address) }
    let file = InstanceToken.path(beside: token)
    return Admission(
      key: key, at: address,
      demand: "this private socket requires the token in \(file), which an older boxwatch does not send")
  }

  private static func threads(
    loops: Int, workers: Int, readers: Int, at address: ListenAddress
  ) throws(ServerError) -> ServerThreads {
    do throws(Shortage) { return try ServerThreads(loops: loops, workers: workers, readers: readers) } catch {
      throw ServerError(listeningAt: address, error)
    }
  }

  private static func real(_ address: ListenAddress, _ channel: any Channel) -> ListenAddress {
    switch address {
    case .unix: address
    case .network(let host, let port): .network(host: host, port: channel.localAddress?.port ?? port)
    }
  }

  /// The number of attached clients, here and at the private socket, read-only ones included.
  public var clients: Int { store.clients }

  /// Calls `watcher` each time a client attaches or detaches; it may be called on any thread, and
  /// must not block.
  public func watchClients(_ watcher: @escaping @Sendable () -> Void) { store.watchClients(watcher) }

  /// Accepts no new connections; attached clients stay.
  public func stopListening() {
    isClosing.store(true, ordering: .relaxed)
    // Before the socket is closed: afterwards the path may belong to another server.
    files?.remove()
    try? channel.close().wait()
  }

  /// Stops listening, gives attached clients a second to receive the ends that are ready, and
  /// closes every connection.
  ///
  /// Executions belong to the engine and go on. Further calls do nothing.
  public func stop() {
    guard !isStopped.exchange(true, ordering: .relaxed) else { return }
    stopListening()
    for task in tasks { task.cancel() }
    letClientsGo()
    threads.stop()
  }

  private func letClientsGo() {
    let loop = threads.loops.next()
    let deadline = NIODeadline.now() + .seconds(1)
    let gone = loop.makePromise(of: Void.self)
    loop.scheduleRepeatedTask(initialDelay: .zero, delay: .milliseconds(10)) { [store] task in
      guard store.endsToTake == 0 || NIODeadline.now() > deadline else { return }
      task.cancel()
      gone.succeed()
    }
    try? gone.futureResult.wait()
  }
}
