import BoxLiteWire
import ExecEngine
import ExecModel
import Journal
import Synchronization

// Executions started by clients.
extension Store {
  /// Starts a command in a box.
  func exec(_ place: BoxPlace, _ body: ExecBody) throws(ErrorReply) -> ExecutionID {
    if body.terminal, !place.box.capabilities.contains(.terminal) {
      throw ErrorReply(.unsupported, "field 'tty': box '\(place.box.name)' does not support terminals")
    }
    if body.user != nil { try place.box.checkUser() }
    let spec = spec(body, place)
    try reserve(ExecutionRecord.cost(of: spec))
    let id = try launch(spec, place)
    if let input = body.input {
      try? engine.write(id, Array(input.utf8))
      try? engine.closeInput(id)
    }
    return id
  }

  private func launch(_ spec: ExecutionSpec, _ place: BoxPlace) throws(ErrorReply) -> ExecutionID {
    let id: ExecutionID
    var inserted: ExecutionID?
    do {
      id = try engine.start(spec, in: place.box) { id in
        var record = ExecutionRecord(id: id, box: place.id, spec: spec, at: now())
        record.hold = try engine.hold(id)
        content.withLock { [record] content in
          content.insert(record)
          content.started += 1
        }
        inserted = id
        try engine.wait(id) { [weak self] _ in self?.ended(id) }
      }
    } catch {
      content.withLock { content in
        if let inserted { content.remove(inserted) } else { content.running -= 1 }
      }
      throw ErrorReply(.storage, "the command was not started: \(error)")
    }
    guard let snapshot = try? engine.snapshot(id), case .startFailed(let failure) = snapshot.conclusion?.outcome.status
    else { return id }
    _ = content.withLock { $0.remove(id) }
    forget(id)
    throw Self.reply(failure, spec.command[0], snapshot.startError)
  }

  /// The reply for a command that did not start; the paths searched on the host are not disclosed.
  private static func reply(_ failure: StartFailure, _ command: String, _ reason: String?) -> ErrorReply {
    let words =
      switch failure {
      case .notFound: "the command '\(command)' was not found"
      case .notExecutable: "the command '\(command)' cannot be executed"
      case .badDirectory, .badName, .argumentListTooLong, .system, .box:
        reason ?? "'\(command)' could not start: \(failure.words)"
      }
    return ErrorReply(.executionFailed, words)
  }

  private func spec(_ body: ExecBody, _ place: BoxPlace) -> ExecutionSpec {
    let environment = body.environment.map { EnvironmentVariable(name: $0.name, value: $0.value) }
    return ExecutionSpec(
      command: [body.command] + body.arguments, environment: place.environment + environment,
      workingDirectory: body.workingDirectory ?? place.workingDirectory,
      user: body.user ?? place.user, input: .pipe,
      terminal: body.terminal ? TerminalSize() : nil,
      timeLimit: body.timeout.map { .milliseconds(Int64($0 * 1000)) },
      drain: configuration.drain, keep: configuration.keep, clientBox: place.description)
  }

  func ended(_ id: ExecutionID) { content.withLock { $0.end(id, at: now()) } }

  /// Ends the running executions of a box; they stay known.
  func killAll(in box: String) {
    let running = content.withLock { content in
      content.executions.values.filter { $0.box == box && $0.ended == nil }.map(\.id)
    }
    for id in running { kill(id) }
  }
}

// Client requests on one execution.
extension Store {
  /// The execution that an identifier names in this box; executions of other boxes are not found.
  func identify(_ execution: String, in box: String) throws(ErrorReply) -> ExecutionID {
    let id = ExecutionID(execution)
    let isThere = id.map { id in content.withLock { $0.executions[id]?.box == box } } ?? false
    guard let id, isThere else {
      throw ErrorReply(.notFound, "there is no execution '\(execution.prefix(200))' in box '\(box.prefix(200))'")
    }
    return id
  }

  /// Changes a record, which may have been forgotten since, and returns the body's result.
  func change<Result: Sendable>(
    _ id: ExecutionID, _ body: (inout ExecutionRecord) throws(ErrorReply) -> Result
  ) throws(ErrorReply) -> Result {
    try content.withLock { content throws(ErrorReply) in
      guard var record = content.executions[id] else {
        throw ErrorReply(.notFound, "execution '\(id)' has ended and was removed")
      }
      defer { content.executions[id] = record }
      return try body(&record)
    }
  }

  /// The state of an execution for a client that may return for the rest.
  func status(_ id: ExecutionID) throws(ErrorReply) -> ExecutionReply {
    let time = now()
    let record = try change(id) { record in
      record.probe(at: time)
      return record
    }
    return reply(record, hidesEnd: record.keepsEnd(at: time, for: configuration.times.handOver))
  }

  /// The state of all executions of a box, whether or not their ends were handed over.
  func executions(in box: String) -> [ExecutionReply] {
    let records = content.withLock { content in content.executions.values.filter { $0.box == box } }
    return records.sorted { $0.id < $1.id }.map { reply($0, hidesEnd: false) }
  }

  private func reply(_ record: ExecutionRecord, hidesEnd: Bool) -> ExecutionReply {
    let conclusion = hidesEnd ? nil : (try? engine.snapshot(record.id))?.conclusion
    return ExecutionReply(
      id: record.id.description, status: conclusion?.wireStatus ?? .running, exitCode: conclusion?.wireCode,
      command: record.command, isAttached: record.isAttached, error: conclusion?.errorMessage, started: record.started)
  }

  func signal(_ id: ExecutionID, _ body: SignalBody) throws(ErrorReply) {
    do {
      try engine.signal(id, Signal(number: body.number))
    } catch SignalError.unsupported {
      throw ErrorReply(.unsupported, "this box cannot deliver signals")
    } catch {
      throw ErrorReply(.invalidState, "execution '\(id)' is over")
    }
  }

  func resize(_ id: ExecutionID, _ body: ResizeBody) {
    try? engine.resize(id, to: TerminalSize(rows: body.rows, columns: body.columns))
  }
}

// An end, in the form that BoxLite's clients read.
extension Conclusion {
  /// The exit code: negative for a signal, as the SDKs show it.
  ///
  /// A command ended by its time limit or force-closed reports the signal that was sent, whatever
  /// its own exit code: that could be 0.
  var wireCode: Int32 {
    switch outcome.status {
    case .exited(let code): code
    case .signalled(let number, _): -number
    case .timedOut: -Signal.terminate.number
    case .forceClosed: -Signal.kill.number
    case .startFailed(let failure): failure.shellCode
    case .lost, .detached, .unknown: -1
    }
  }

  var wireStatus: ExecutionStatus {
    switch outcome.status {
    case .exited, .signalled, .startFailed, .lost, .detached, .unknown: .completed
    case .timedOut: .timedOut
    case .forceClosed: .killed
    }
  }

  /// The parts of the output or its record that are missing, or may be; nil when everything is
  /// whole.
  var errorMessage: String? { complaints.isEmpty ? nil : complaints.joined(separator: "; ") }

  /// The part of the output a client received that is missing, or may be; nil when it is whole.
  var truncation: String? {
    var conclusion = self
    // Clients receive the output that the disk did not take.
    conclusion.recordLoss = nil
    return conclusion.errorMessage
  }
}
