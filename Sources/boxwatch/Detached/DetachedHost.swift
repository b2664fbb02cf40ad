import BoxLiteServer
import ExecEngine
import ExecModel
import Glibc
import Journal
import SystemPackage

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
