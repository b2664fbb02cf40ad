import BoxLiteServer
import ExecEngine
import ExecModel
import FoundationEssentials
import Glibc
import HostBoxes
import Journal
import Linux
import SystemPackage

/// The commands for a background boxwatch, passed through its standard input so that no process
/// list shows them.
struct DetachedOrder: Codable, Hashable, Sendable {
  /// One command.
  struct Request: Codable, Hashable, Sendable {
    var box: String
    var spec: ExecutionSpec
    var sandbox = SandboxOptions()
  }

  /// The configuration file, if one was given.
  var config: String?
  /// The key of `--api-key`.
  var key: String?
  /// The commands.
  var requests: [Request]

  init(config: String?, key: String? = nil, _ requests: [ExecutionRequest]) {
    (self.config, self.key) = (config, key)
    self.requests = requests.map { Request(box: $0.box, spec: $0.spec, sandbox: $0.sandbox) }
  }

  /// The requests in the form that a run takes.
  var executionRequests: [ExecutionRequest] {
    requests.map { ExecutionRequest(box: $0.box, spec: $0.spec, sandbox: $0.sandbox) }
  }

  /// The order as JSON.
  func encoded() throws -> [UInt8] { [UInt8](try JSONEncoder().encode(self)) }

  /// Decodes what ``encoded()`` produced.
  init(decoding bytes: [UInt8]) throws { self = try JSONDecoder().decode(DetachedOrder.self, from: Data(bytes)) }
}

/// A background boxwatch's reply to the process that started it, once its commands run or have
/// failed.
struct DetachedReply: Codable, Hashable, Sendable {
  /// One command.
  struct Execution: Codable, Hashable, Sendable {
    var id: String
    /// Why it could not be started, in one line.
    var error: String?
    /// 0, or the status of a command that could not be started: 126 or 127.
    var code: Int32
  }

  /// The commands, in the given order.
  var executions: [Execution] = []
  /// Why nothing is running, in one line.
  var failure: String?

  /// The reply as JSON.
  func encoded() throws -> [UInt8] { [UInt8](try JSONEncoder().encode(self)) }

  init(executions: [Execution] = [], failure: String? = nil) {
    self.executions = executions
    self.failure = failure
  }

  /// Decodes what ``encoded()`` produced.
  init(decoding bytes: [UInt8]) throws { self = try JSONDecoder().decode(DetachedReply.self, from: Data(bytes)) }
}

/// Reads a descriptor completely.
enum DescriptorBytes {
  /// Reads to end of file.
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

/// The background process: starts its commands, replies, and stays until all of them are over.
final class DetachedHost {
  private let session: Session
  private let signals: SignalQueue
  private let finished: WakeDescriptor
  private let conclusions = Conclusions()
  private var executions: [ExecutionID] = []
  /// Protects records from pruning by any process until the reply was sent.
  private var holds: [JournalHold] = []

  init(_ session: Session) throws {
    self.session = session
    signals = try SignalQueue()
    finished = try WakeDescriptor.make()
  }

  /// Runs the commands; `tell` is called once, when they are running or could not be started.
  ///
  /// - Throws: ``Failure`` when nothing is running, and the errors of `tell`; nothing is left
  ///   running then.
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

  /// Waits for the first event, which shows whether the command is running.
  private func outcome(_ cursor: Subscription) throws -> DetachedReply.Execution {
    defer { cursor.cancel() }
    let wake = try WakeDescriptor.make()
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

  /// Returns when everything is over; on a termination signal, ends what is still running.
  private func stay() {
    while !conclusions.areComplete {
      var entries = [
        pollfd(fd: signals.descriptor, events: Int16(POLLIN), revents: 0),
        pollfd(fd: finished.raw, events: Int16(POLLIN), revents: 0),
      ]
      guard poll(&entries, 2, -1) > 0 else { continue }
      if entries[1].revents != 0 { finished.clear() }
      // A hang-up of the starting terminal does not concern this process.
      if let signal = signals.next(), signal != .hangUp {
        Farewell(session.engine).endAll()
        return
      }
    }
  }
}
