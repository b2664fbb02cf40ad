import BoxLiteServer
import Boxes
import ExecEngine
import ExecModel
import FoundationEssentials
import Glibc
import Journal
import SystemPackage

/// What a background boxwatch is to run; it comes through its standard input, so that no list of processes shows it.
struct DetachedOrder: Codable, Hashable, Sendable {
  /// One command.
  struct Request: Codable, Hashable, Sendable {
    var box: String
    var spec: ExecutionSpec
    var sandbox = SandboxOptions()
  }

  /// The configuration file that was named.
  var config: String?
  /// The key of `--api-key`.
  var key: String?
  /// The commands.
  var requests: [Request]

  init(config: String?, key: String? = nil, _ requests: [ExecutionRequest]) {
    (self.config, self.key) = (config, key)
    self.requests = requests.map { Request(box: $0.box, spec: $0.spec, sandbox: $0.sandbox) }
  }

  /// The requests as a run takes them.
  var executionRequests: [ExecutionRequest] {
    requests.map { ExecutionRequest(box: $0.box, spec: $0.spec, sandbox: $0.sandbox) }
  }

  /// The order as JSON.
  func encoded() throws -> [UInt8] { [UInt8](try JSONEncoder().encode(self)) }

  /// Reads what ``encoded()`` wrote.
  init(decoding bytes: [UInt8]) throws { self = try JSONDecoder().decode(DetachedOrder.self, from: Data(bytes)) }
}

/// What a background boxwatch tells who started it, once its commands run or cannot.
struct DetachedReply: Codable, Hashable, Sendable {
  /// One command.
  struct Execution: Codable, Hashable, Sendable {
    var id: String
    /// Why it could not be started, in one line.
    var error: String?
    /// 0, or the status of a command that could not be started: 126 or 127.
    var code: Int32
  }

  /// The commands, in the order in which they were given.
  var executions: [Execution] = []
  /// Why nothing runs, in one line.
  var failure: String?

  /// The reply as JSON.
  func encoded() throws -> [UInt8] { [UInt8](try JSONEncoder().encode(self)) }

  init(executions: [Execution] = [], failure: String? = nil) {
    self.executions = executions
    self.failure = failure
  }

  /// Reads what ``encoded()`` wrote.
  init(decoding bytes: [UInt8]) throws { self = try JSONDecoder().decode(DetachedReply.self, from: Data(bytes)) }
}

/// Everything that a descriptor brings.
enum DescriptorBytes {
  /// Reads to the end.
  ///
  /// - Throws: `Errno`.
  static func readAll(_ descriptor: FileDescriptor) throws -> [UInt8] {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 64 << 10)
    while true {
      let count = try chunk.withUnsafeMutableBytes { try descriptor.read(into: $0) }
      guard count > 0 else { return bytes }
      bytes += chunk[..<count]
    }
  }
}

/// The background process: starts what it was ordered to, tells, and stays until all of it is over.
final class DetachedHost {
  private let session: Session
  private let signals: SignalQueue
  private let finished: WakeDescriptor
  private let conclusions = Conclusions()
  private var executions: [ExecutionID] = []
  /// What is not told yet must not be pruned, by whatever process.
  private var holds: [JournalHold] = []

  init(_ session: Session) throws {
    self.session = session
    signals = try SignalQueue()
    finished = try WakeDescriptor()
  }

  /// Runs the commands; `tell` is called once, when they run or could not be started.
  ///
  /// - Throws: ``Failure`` when nothing runs, and what `tell` throws: nothing is left running then.
  func run(_ requests: [ExecutionRequest], _ tell: (DetachedReply) throws -> Void) throws {
    if requests.count > 1 { session.keepPruning() }
    defer { session.pruner.finish() }
    do {
      for request in requests { try session.check(request) }
      let started = try requests.map { try start($0) }
      let socket = InstanceSocket.open(.detached, session.engine)
      defer { socket.stop() }
      try tell(DetachedReply(executions: try started.map(outcome)))
      holds = []
      stay()
    } catch {
      Farewell(session.engine).endAll()
      throw error
    }
  }

  private func start(_ request: ExecutionRequest) throws -> Subscription {
    var cursor: Subscription?
    executions.append(
      try session.start(request) { id in
        if let hold = try session.engine.hold(id) { holds.append(hold) }
        try conclusions.expect(id, from: session.engine, waking: finished)
        cursor = try session.engine.attach(id)
      })
    guard let cursor else { throw Failure("the execution has no record") }
    return cursor
  }

  /// Waits for the first event, which says whether the command runs.
  private func outcome(_ cursor: Subscription) throws -> DetachedReply.Execution {
    defer { cursor.cancel() }
    let wake = try WakeDescriptor()
    while true {
      if let first = try cursor.poll(limit: 1).first { return describe(first.event, cursor.journal.identity.id) }
      if cursor.hasEnded { break }
      if cursor.arm({ wake.wake() }) { wake.wait() }
    }
    return DetachedReply.Execution(id: cursor.journal.identity.id.description, code: 0)
  }

  private func describe(_ event: ExecutionEvent, _ id: ExecutionID) -> DetachedReply.Execution {
    guard case .startFailed(let failure) = event else {
      return DetachedReply.Execution(id: id.description, code: 0)
    }
    let reason = (try? session.engine.snapshot(id))?.startError
    return DetachedReply.Execution(id: id.description, error: reason ?? failure.words, code: failure.shellCode)
  }

  /// Returns when everything is over; asked to end, it ends what runs.
  private func stay() {
    while !conclusions.areComplete {
      var entries = [
        pollfd(fd: signals.descriptor, events: Int16(POLLIN), revents: 0),
        pollfd(fd: finished.descriptor, events: Int16(POLLIN), revents: 0),
      ]
      guard poll(&entries, 2, -1) > 0 else { continue }
      if entries[1].revents != 0 { finished.clear() }
      // Whose terminal hangs up is no business of ours.
      if let signal = signals.next(), signal != .hangUp {
        Farewell(session.engine).endAll()
        return
      }
    }
  }
}
