public import BoxLiteClient
import Dispatch
public import ExecEngine
import ExecModel
import Glibc
import NIOCore
import NIOHTTP1
import NIOPosix
import NetworkThreads
import Synchronization
import SystemPackage

/// Why a server could not be started, in one line.
public struct ServerError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The line.
  public let description: String

  init(_ description: String) { self.description = description }
}

/// What every connection of a server needs.
struct ServerParts: Sendable {
  let service: any Answering
  let admission: Admission
  let threads: ServerThreads
  let configuration: ServerConfiguration
  /// What bodies, answers that wait and the input of attached clients may be, each of all connections together.
  let bodies: Room
  let answers: Room
  let input: Room

  /// What encrypts; nil for clear text.
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
  /// Carry every connection.
  let loops: MultiThreadedEventLoopGroup
  /// Answer requests, which may take as long as a box needs to start a command.
  let workers: NIOThreadPool
  /// Read what attached clients get from the disk.
  let readers: NIOThreadPool
  /// How other threads reach the loops.
  let door = LoopDoor()

  /// - Throws: ``Shortage`` when this process cannot have that many: none was started then.
  init(loops: Int, workers: Int, readers: Int) throws(Shortage) {
    (self.loops, self.workers, self.readers) = try EventLoops.make(loops: loops, threads: workers + readers) { loops in
      let pools = (NIOThreadPool(numberOfThreads: workers), NIOThreadPool(numberOfThreads: readers))
      pools.0.start()
      pools.1.start()
      return (loops, pools.0, pools.1)
    }
  }

  /// Ends the threads; after two seconds without them, which only a process that is short of threads needs.
  func stop() {
    let gone = DispatchSemaphore(value: 0)
    // NIO ends its threads on one of Dispatch's, and whoever asks Dispatch for one waits until there is one to be had.
    let failure = EngineThread.start(name: "boxwatch-stop") {
      end()
      gone.signal()
    }
    if failure == nil { _ = gone.wait(timeout: .now() + 2) } else { door.shut() }
  }

  private func end() {
    // Whoever works for a loop first: it goes back there.
    try? workers.syncShutdownGracefully()
    try? readers.syncShutdownGracefully()
    door.shut()
    try? loops.syncShutdownGracefully()
  }
}

/// The way of other threads to a server's event loops, shut before the loops end: a command may outlive its server.
final class LoopDoor: Sendable {
  private let isOpen = Mutex(true)

  /// Has a loop do something soon; not any more once the door is shut.
  func execute(on loop: any EventLoop, _ body: @escaping @Sendable () -> Void) {
    // Inside the lock, so that nobody who was let in comes after the loops have ended.
    isOpen.withLock { if $0 { loop.execute(body) } }
  }

  /// Lets nobody in any more.
  func shut() { isOpen.withLock { $0 = false } }
}

/// Serves BoxLite's REST API over an engine: to clients, or in private to the user who runs us.
public final class RESTServer: Sendable {
  /// Where it listens; with the real port when any was asked for.
  public let address: ListenAddress

  private let threads: ServerThreads
  private let channel: any Channel
  private let tasks: [RepeatedTask]
  private let store: Store
  /// What stands in the file system for it; nil when it listens on the network.
  private let files: SocketFiles?
  private let isClosing = Atomic<Bool>(false)
  private let isStopped = Atomic<Bool>(false)

  /// Listens for clients, and answers from then on.
  ///
  /// - Throws: ``ServerError`` when the address cannot be had.
  public convenience init(
    _ engine: Engine, box: any Box, at address: ListenAddress, configuration: ServerConfiguration = .init()
  ) throws(ServerError) {
    let store = Store(engine, configuration) { NIODeadline.now().uptimeNanoseconds }
    try self.init(
      Service(store: store, boxes: OwnBoxes(box, configuration.limits)), at: address, configuration,
      Self.threads(loops: 2, workers: 4, readers: 2, at: address), Self.peers(configuration))
  }

  /// Listens for clients whose boxes and commands are another BoxLite server's: recorded here on their way.
  ///
  /// The other server need not answer yet.
  ///
  /// - Parameter key: what the other server wants to be shown; nil for none.
  /// - Throws: ``ServerError`` when the address cannot be had.
  public convenience init(
    _ engine: Engine, upstream: Endpoint, key: String?, at address: ListenAddress,
    configuration: ServerConfiguration = .init()
  ) throws(ServerError) {
    let store = Store(engine, configuration) { NIODeadline.now().uptimeNanoseconds }
    // More of them: each waits for the other server.
    try self.init(
      Service(store: store, boxes: UpstreamBoxes(upstream, key: key)), at: address, configuration,
      Self.threads(loops: 2, workers: 16, readers: 2, at: address), Self.peers(configuration))
  }

  /// Listens at a Unix socket for the user who runs us, and shows every execution of the engine in a box `all`.
  ///
  /// The socket is the user's own (0600); who connects is asked for by the kernel's word, and must be where we are; and
  /// each request shows the token of a file (0600) beside it (``InstanceToken``).
  ///
  /// - Parameters:
  ///   - kind: what we are, for `/v1/me`.
  ///   - server: the same engine's server for clients. Its claims are shared, so that of all clients attached to an
  ///     execution, here or there, one may write.
  /// - Throws: ``ServerError`` when the path cannot be had.
  public convenience init(
    private engine: Engine, as kind: InstanceKind, at path: String, beside server: RESTServer? = nil,
    configuration: ServerConfiguration = .init()
  ) throws(ServerError) {
    var configuration = configuration
    let socket = FilePath(path)
    // Its token would be lost to it.
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

  /// Without a key the kernel must say who asks, unless that is everybody's right.
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
    tell("no new client can connect to \(address): the system watches its socket no longer")
  }

  /// What is done every now and then, away from the event loops.
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
      demand: "this private socket wants the token of \(file), which an older boxwatch does not know")
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

  /// How many clients are attached, here and at the socket beside, those that only watch included.
  public var clients: Int { store.clients }

  /// Calls `watcher` each time a client came or went; it may be called on any thread, and must not block.
  public func watchClients(_ watcher: @escaping @Sendable () -> Void) { store.watchClients(watcher) }

  /// Takes no new connection; who is attached stays.
  public func stopListening() {
    isClosing.store(true, ordering: .relaxed)
    // Before the socket is closed: after it, the path may be another server's.
    files?.remove()
    try? channel.close().wait()
  }

  /// Stops listening, gives attached clients a second to take the ends that there are, and hangs up on everyone.
  ///
  /// Executions are the engine's and go on. More than once does nothing.
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
