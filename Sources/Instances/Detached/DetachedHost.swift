import BoxLiteServer
import Console
import ExecEngine
import ExecModel
import Glibc
import HostBoxes
package import Jobs
import Journal
import Linux
import Synchronization

/// The background process: starts its commands, replies, and stays until all of them are over.
package final class DetachedHost {
  private let launcher: Launcher
  private let instances: InstanceDirectory
  private let signals: SignalQueue
  private let finished: WakeDescriptor
  private let conclusions = Conclusions()
  private var executions: [ExecutionID] = []
  /// Protects records from pruning by any process until the reply was sent.
  private var holds: [JournalHold] = []

  /// - Parameter instances: where the private socket is opened.
  package init(_ launcher: Launcher, _ instances: InstanceDirectory) throws {
    self.launcher = launcher
    self.instances = instances
    signals = try SignalQueue()
    finished = try WakeDescriptor.make()
  }

  /// Runs the commands; `reply` is called once, when they are running or could not be started.
  ///
  /// - Throws: ``Failure`` when nothing is running, and the errors of `reply`; nothing is left
  ///   running then.
  package func run(_ requests: [ExecutionRequest], _ reply: (DetachedReply) throws -> Void) throws {
    if requests.count > 1 { launcher.keepPruning() }
    defer { launcher.pruner.finish() }
    do {
      for request in requests { try launcher.check(request) }
      let started = try requests.map { try start($0) }
      let socket = InstanceSocket.open(.detached, launcher.engine, in: instances)
      defer { socket.stop() }
      try reply(DetachedReply(executions: try started.map(outcome)))
      holds = []
      stay()
    } catch {
      Farewell(launcher.engine).endAll()
      throw error
    }
  }

  private func start(_ request: ExecutionRequest) throws -> Subscription {
    var cursor: Subscription?
    executions.append(
      try launcher.start(request) { id in
        if let hold = try launcher.engine.hold(id) { holds.append(hold) }
        try conclusions.expect(id, from: launcher.engine, waking: finished)
        cursor = try launcher.engine.attach(id)
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
    let reason = (try? launcher.engine.snapshot(id))?.startError
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
        Farewell(launcher.engine).endAll()
        return
      }
    }
  }
}

/// The conclusions of several executions, collected as their waits are answered.
final class Conclusions: Sendable {
  private let ends = Mutex<[ExecutionID: Conclusion?]>([:])

  /// Waits for another execution.
  func expect(_ id: ExecutionID, from engine: Engine, waking wake: WakeDescriptor) throws {
    ends.withLock { $0[id] = .some(nil) }
    try engine.wait(id) { conclusion in
      self.ends.withLock { $0[id] = conclusion }
      wake.wake()
    }
  }

  /// Whether the end of every expected execution is known.
  var areComplete: Bool { ends.withLock { $0.values.allSatisfy { $0 != nil } } }

  /// One execution's conclusion, once it is known.
  subscript(id: ExecutionID) -> Conclusion? { ends.withLock { $0[id] ?? nil } }
}
