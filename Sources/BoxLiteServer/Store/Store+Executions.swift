import BoxLiteWire
import ExecEngine
import ExecModel
import Synchronization

// Executions.
extension Store {
  /// Starts a command in a box; a box that does not run yet is started by it.
  func exec(_ box: String, _ body: ExecBody) throws(ErrorReply) -> ExecutionID {
    if body.user != nil {
      throw ErrorReply(.unsupported, "field 'user': box '\(self.box.name)' runs commands as its own user only")
    }
    if body.terminal, !self.box.capabilities.contains(.terminal) {
      throw ErrorReply(.unsupported, "field 'tty': box '\(self.box.name)' has no terminals")
    }
    let (key, settings) = try content.withLock { content throws(ErrorReply) in
      let key = try content.key(box)
      content.boxes[key]?.become(.running)
      return (key, content.boxes[key]?.body)
    }
    let spec = spec(body, settings)
    let id = try launch(spec, box: key)
    if let input = body.input {
      try? engine.write(id, Array(input.utf8))
      try? engine.closeInput(id)
    }
    return id
  }

  private func launch(_ spec: ExecutionSpec, box: String) throws(ErrorReply) -> ExecutionID {
    let command = spec.command.joined(separator: " ")
    let id: ExecutionID
    do {
      id = try engine.start(spec, in: self.box) { id in
        content.withLock { content in
          content.executions[id] = ExecutionRecord(id: id, box: box, command: command, at: now())
          content.started += 1
        }
        try engine.wait(id) { [weak self] _ in self?.ended(id) }
      }
    } catch {
      throw ErrorReply(.storage, "the command was not started: \(error)")
    }
    guard let snapshot = try? engine.snapshot(id), case .startFailed(let failure) = snapshot.conclusion?.outcome.status
    else { return id }
    content.withLock { $0.executions[id] = nil }
    throw ErrorReply(.executionFailed, snapshot.startError ?? "'\(command)' could not start: \(failure.words)")
  }

  private func spec(_ body: ExecBody, _ settings: CreateBoxBody?) -> ExecutionSpec {
    let ofBox = (settings?.environment ?? [:]).sorted { $0.key < $1.key }
    let environment =
      ofBox.map { EnvironmentVariable(name: $0.key, value: $0.value) }
      + body.environment.map { EnvironmentVariable(name: $0.name, value: $0.value) }
    return ExecutionSpec(
      command: [body.command] + body.arguments, environment: environment,
      workingDirectory: body.workingDirectory ?? settings?.workingDirectory, input: .pipe,
      terminal: body.terminal ? TerminalSize() : nil,
      timeLimit: body.timeout.map { .milliseconds(Int64($0 * 1000)) },
      drain: configuration.drain, keep: configuration.keep)
  }

  private func ended(_ id: ExecutionID) { content.withLock { $0.executions[id]?.ended = now() } }

  /// The execution's record, only through its own box.
  func record(_ box: String, _ execution: String) throws(ErrorReply) -> ExecutionRecord {
    try content.withLock { content throws(ErrorReply) in try content.record(box, execution) }
  }
}

extension Store.Content {
  func record(_ box: String, _ execution: String) throws(ErrorReply) -> ExecutionRecord {
    // An execution outlives its box's removal; then its identifier alone must do.
    let key = (try? key(box)) ?? box
    guard let id = ExecutionID(execution), let record = executions[id], record.box == key else {
      throw ErrorReply(.notFound, "there is no execution '\(execution.prefix(200))' in box '\(box.prefix(200))'")
    }
    return record
  }
}

extension Store {
  /// Where an execution stands for a client that may come back for the rest.
  func status(_ box: String, _ execution: String) throws(ErrorReply) -> ExecutionReply {
    let time = now()
    let record = try content.withLock { content throws(ErrorReply) in
      var record = try content.record(box, execution)
      record.probe(at: time)
      content.executions[record.id] = record
      return record
    }
    return reply(record, hidesEnd: record.keepsEnd(at: time, for: configuration.times.handOver))
  }

  /// Where all executions of a box stand, without regard to who has been told.
  func executions(_ box: String) throws(ErrorReply) -> [ExecutionReply] {
    let records = try content.withLock { content throws(ErrorReply) in
      let key = try content.key(box)
      return content.executions.values.filter { $0.box == key }
    }
    return records.sorted { $0.id < $1.id }.map { reply($0, hidesEnd: false) }
  }

  private func reply(_ record: ExecutionRecord, hidesEnd: Bool) -> ExecutionReply {
    let conclusion = hidesEnd ? nil : (try? engine.snapshot(record.id))?.conclusion
    return ExecutionReply(
      id: record.id.description, status: conclusion?.wireStatus ?? .running, exitCode: conclusion?.wireCode,
      command: record.command, isAttached: record.isAttached, error: conclusion?.truncation, started: record.started)
  }

  func signal(_ box: String, _ execution: String, _ body: SignalBody) throws(ErrorReply) {
    let id = try record(box, execution).id
    do {
      try engine.signal(id, Signal(number: body.number))
    } catch SignalError.unsupported {
      throw ErrorReply(.unsupported, "box '\(self.box.name)' cannot deliver signals")
    } catch {
      throw ErrorReply(.invalidState, "execution '\(id)' is over")
    }
  }

  func resize(_ box: String, _ execution: String, _ body: ResizeBody) throws(ErrorReply) {
    try? engine.resize(try record(box, execution).id, to: TerminalSize(rows: body.rows, columns: body.columns))
  }

  func kill(_ box: String, _ execution: String) throws(ErrorReply) {
    let id = try record(box, execution).id
    kill(id)
  }
}
