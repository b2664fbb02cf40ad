import BoxLiteWire
import ExecEngine
import ExecModel
import JSON
import Journal
import Synchronization

// Every execution of the engine, including those that no client started: the view of the user who
// runs it.
extension Store {
  /// The execution that an identifier names; creates its record at the first request.
  func identify(_ execution: String) throws(ErrorReply) -> ExecutionID {
    guard let id = ExecutionID(execution), (try? engine.snapshot(id)) != nil else {
      throw ErrorReply(.notFound, "there is no execution '\(execution.prefix(200))'")
    }
    adopt(id)
    return id
  }

  private func adopt(_ id: ExecutionID) {
    guard content.withLock({ $0.executions[id] == nil }), let spec = try? engine.spec(id) else { return }
    let record = ExecutionRecord(id: id, box: nil, spec: spec, at: now())
    let isNew = content.withLock { content in
      guard content.executions[id] == nil else { return false }
      content.insert(record)
      return true
    }
    if isNew { try? engine.wait(id) { [weak self] _ in self?.ended(id) } }
  }

  /// The current state of an execution.
  func fullReply(_ id: ExecutionID) throws(ErrorReply) -> JSONValue {
    guard let snapshot = try? engine.snapshot(id), let reply = fullReply(snapshot) else {
      throw ErrorReply(.notFound, "execution '\(id)' has ended and was removed")
    }
    return reply
  }

  /// The running executions that have no current journal, because its disk was given up or it was
  /// deleted.
  ///
  /// Other boxwatch processes find executions by their journals; these they find only here.
  func unrecorded() -> [UnrecordedReply] {
    engine.snapshots().compactMap { snapshot in
      guard snapshot.conclusion == nil, snapshot.record.loss != nil || !engine.hasJournal(snapshot.id),
        let spec = try? engine.spec(snapshot.id), let identity = try? engine.identity(snapshot.id)
      else { return nil }
      return UnrecordedReply(
        id: snapshot.id.description, created: Int64(clamping: identity.created), box: snapshot.box, name: spec.name,
        command: spec.command, takesInput: spec.input == .pipe || spec.terminal != nil, state: snapshot.wireState,
        stdoutBytes: snapshot.bytes.stdout, stderrBytes: snapshot.bytes.stderr,
        error: snapshot.record.loss.map { ($0.errno, $0.isAccepted) })
    }
  }

  /// The current state of all executions.
  func everything() -> [JSONValue] { engine.snapshots().compactMap(fullReply) }

  private func fullReply(_ snapshot: ExecutionSnapshot) -> JSONValue? {
    guard let spec = try? engine.spec(snapshot.id), let identity = try? engine.identity(snapshot.id) else { return nil }
    let isAttached = content.withLock { $0.executions[snapshot.id]?.isAttached ?? false }
    let end = snapshot.conclusion
    let reply = ExecutionReply(
      id: snapshot.id.description, status: end?.wireStatus ?? .running, exitCode: end?.wireCode,
      command: ExecutionRecord.text(of: spec), isAttached: isAttached, error: end?.errorMessage,
      started: Timestamp.text(identity.created))
    let details = ExecutionDetails(
      name: spec.name, box: snapshot.box, state: snapshot.wireState, stdoutBytes: snapshot.bytes.stdout,
      stderrBytes: snapshot.bytes.stderr)
    guard case .object(let members) = reply.json else { return nil }
    return .object(members + details.members + Self.members(spec))
  }

  /// The members of a spec that have a value.
  private static func members(_ spec: ExecutionSpec) -> [JSONMember] {
    let user = spec.user.map { [JSONMember("user", .string($0))] } ?? []
    return user + (spec.clientBox.map { [JSONMember("client_box", $0.json)] } ?? [])
  }
}

extension ExecutionSnapshot {
  var wireState: ExecutionDetails.State {
    switch standing {
    case .waiting, .starting: .starting
    case .running: .running
    case .draining: .draining
    case .emptying: .emptying
    case .done, .interrupted: .done
    }
  }
}

// Metrics.
extension Store {
  /// Metrics of the whole server.
  func metrics(boxes: Int) -> JSONValue {
    content.withLock { content in
      .object([
        JSONMember("boxes", .integer(Int64(boxes))),
        JSONMember("commands_executed_total", .integer(Int64(clamping: content.started))),
        JSONMember("running_executions", .integer(Int64(content.executions.values.count { $0.ended == nil }))),
        JSONMember("attached_clients", .integer(Int64(content.executions.values.reduce(0) { $0 + $1.clients }))),
      ])
    }
  }

  /// Metrics of one box.
  func metrics(of box: String) -> JSONValue {
    content.withLock { content in
      let records = content.executions.values.filter { $0.box == box }
      return .object([
        JSONMember("known_executions", .integer(Int64(records.count))),
        JSONMember("running_executions", .integer(Int64(records.count { $0.ended == nil }))),
        JSONMember("attached_clients", .integer(Int64(records.reduce(0) { $0 + $1.clients }))),
      ])
    }
  }
}
