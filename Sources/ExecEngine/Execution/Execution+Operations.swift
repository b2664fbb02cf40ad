import CExecShims
import ExecModel
import Journal

// What the engine asks of an execution.
extension Execution {
  /// Starts the command in its box; a failure becomes the execution's terminal event.
  func start(in box: any Box) {
    let name = box.isElsewhere ? cexec_crash_name("\(identity.id) in \(box.name)") : nil
    locked { ledger, _, _ in
      ledger.outlives = box.capabilities.contains(.outlives)
      ledger.crashName = name
    }
    do {
      attach(try box.start(spec, reportingTo: self))
    } catch {
      locked { ledger, _, _ in ledger.startError = error.description }
      report(.spawnFailed(error.failure), as: .startFailed(error.failure))
    }
  }

  private func attach(_ process: any BoxProcess) {
    let (deferred, isOver) = locked { ledger, _, after in
      // The whole execution may have happened before the box returned.
      let isOver = ledger.conclusion != nil
      if !isOver { ledger.process = process }
      // Pumps that stopped meanwhile could not be told to go on.
      if !ledger.holdsBack { after.resume = ledger.stalledStreams }
      defer { ledger.deferred = [] }
      return (ledger.deferred, isOver)
    }
    if isOver { return process.release() }
    for action in deferred { perform(action) }
    if let limit = spec.timeLimit {
      timers.schedule(after: limit) { [weak self] in self?.timeLimitFired() }
    }
  }

  /// The limit is the process's: an execution that drains or is over has kept it.
  private func timeLimitFired() {
    locked { ledger, time, after in
      // That of the record, too: a full disk is not waited for longer.
      ledger.wantEnd(at: time)
      guard Self.isRunning(ledger.machine.state) else { return }
      self.apply(.timeLimitElapsed, as: .timeLimitElapsed, &ledger, time, &after)
    }
  }

  /// Calls `answer` exactly once with the conclusion: at once when the end is published, else right after it.
  func wait(_ answer: @escaping @Sendable (Conclusion) -> Void) {
    if let conclusion = locked({ ledger, _, _ in ledger.wait(answer) }) { answer(conclusion) }
  }

  func write(_ bytes: [UInt8], completion: @escaping @Sendable (InputError?) -> Void) {
    guard let process else { return completion(.closed) }
    process.write(bytes, completion: completion)
  }

  func closeInput() { process?.closeInput() }

  func signal(_ signal: Signal) throws(SignalError) {
    locked { ledger, time, _ in
      if signal == .interrupt { ledger.interrupt(at: time) }
      if Self.asksForEnd(signal) { ledger.wantEnd(at: time) }
    }
    guard let process else { throw .ended }
    try process.signal(signal)
  }

  /// What a person sends who wants an end.
  private static func asksForEnd(_ signal: Signal) -> Bool {
    [.terminate, .kill, .hangUp, .quit].contains(signal)
  }

  func resize(_ size: TerminalSize) { process?.resize(size) }

  func forceClose(because reason: StreamCut = .forced) {
    locked { ledger, time, after in
      ledger.force(by: reason, &after)
      self.apply(.forceClosed, as: .forceClosed, &ledger, time, &after)
    }
  }

  /// Lets go of a command that goes on without us.
  func detach() {
    locked { ledger, time, after in
      ledger.wantEnd(at: time)
      for stream in ledger.machine.state.open.streams { ledger.cuts[stream] = .detached }
      self.apply(.detached, as: .detached, &ledger, time, &after)
    }
  }

  func holders() -> [PipeHolder] {
    let (process, open) = locked { ledger, _, _ in (ledger.process, ledger.machine.state.open) }
    guard let process, !open.isEmpty else { return [] }
    return process.holders(of: open)
  }

  func usage() -> ResourceUsage? { process?.usage() }

  /// Where the execution stands now.
  var snapshot: ExecutionSnapshot {
    locked { ledger, _, _ in
      ExecutionSnapshot(
        id: self.identity.id, box: self.identity.box, state: ledger.machine.state, conclusion: ledger.conclusion,
        processIdentifier: ledger.processIdentifier, bytes: ledger.lengths, lines: ledger.lines,
        evicted: ledger.evicted, stalls: ledger.stalls, record: ledger.health, dropped: ledger.dropped,
        outlives: ledger.outlives, startError: ledger.startError)
    }
  }
}
