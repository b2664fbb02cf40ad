import CExecShims
import ExecModel
import Journal

// The operations of the engine on one execution.
extension Execution {
  /// Starts the command in its box; a failure becomes the terminal event.
  func start(in box: any Box) {
    let name = box.isElsewhere ? cexec_crash_name("\(identity.id) in \(box.name)") : nil
    locked { ledger in
      ledger.outlives = box.capabilities.contains(.outlives)
      ledger.crashName = name
    }
    do {
      attach(try box.start(spec, reportingTo: self))
    } catch {
      locked { ledger in ledger.startError = error.description }
      report(.spawnFailed(error.failure), as: .startFailed(error.failure))
    }
  }

  private func attach(_ process: any BoxProcess) {
    let (deferred, isOver) = locked { ledger in
      // The command may have ended before the box returned.
      let isOver = ledger.isOver
      if !isOver { ledger.process = process }
      // Pumps that stopped before `process` was set could not be resumed.
      if !ledger.holdsBack { ledger.turn.resume = ledger.stalledStreams }
      defer { ledger.deferred = [] }
      return (ledger.deferred, isOver)
    }
    if isOver { return process.release() }
    for action in deferred { perform(action) }
    if let limit = spec.timeLimit {
      timers.schedule(after: limit) { [weak self] in self?.timeLimitFired() }
    }
  }

  /// The time limit is the process's: it has no effect on a draining or finished execution.
  private func timeLimitFired() {
    locked { ledger in
      // Ends a wait for a full disk too.
      ledger.wantEnd()
      guard Self.isRunning(ledger.state) else { return }
      ledger.apply(.timeLimitElapsed, as: .timeLimitElapsed)
    }
  }

  /// Calls `answer` exactly once with the conclusion: at once when the end is published, otherwise right after its
  /// publication.
  func wait(_ answer: @escaping @Sendable (Conclusion) -> Void) {
    if let conclusion = locked({ ledger in ledger.wait(answer) }) { answer(conclusion) }
  }

  func write(_ bytes: [UInt8], completion: @escaping @Sendable (InputError?) -> Void) {
    guard let process else { return completion(.closed) }
    process.write(bytes, completion: completion)
  }

  func closeInput() { process?.closeInput() }

  func signal(_ signal: Signal) throws(SignalError) {
    locked { ledger in
      if signal == .interrupt { ledger.interrupt() }
      if Self.asksForEnd(signal) { ledger.wantEnd() }
    }
    guard let process else { throw .ended }
    try process.signal(signal)
  }

  /// Whether a person who sends this signal wants the command to end.
  private static func asksForEnd(_ signal: Signal) -> Bool {
    [.terminate, .kill, .hangUp, .quit].contains(signal)
  }

  func resize(_ size: TerminalSize) { process?.resize(size) }

  func forceClose(because reason: StreamCut = .forced) { locked { ledger in ledger.forceClose(because: reason) } }

  /// Force-closes, and kills what is left of the process group of a command that has exited.
  func kill(because reason: StreamCut) {
    locked { ledger in
      // A running command's group is killed by the force-close itself.
      if case .draining = ledger.state { ledger.turn.killsGroup = true }
      ledger.forceClose(because: reason)
    }
  }

  /// Detaches from a command that continues without boxwatch.
  func detach() {
    locked { ledger in
      ledger.wantEnd()
      ledger.cutAll(.detached, as: .detached, because: .detached)
    }
  }

  func holders() -> [PipeHolder] {
    let (process, open) = locked { ledger in (ledger.process, ledger.state.open) }
    guard let process, !open.isEmpty else { return [] }
    return process.holders(of: open)
  }

  func usage() -> ResourceUsage? { process?.usage() }

  var snapshot: ExecutionSnapshot {
    locked { ledger in
      ExecutionSnapshot(
        id: self.identity.id, box: self.identity.box, state: ledger.state, standing: ledger.standing,
        processIdentifier: ledger.processIdentifier, bytes: ledger.lengths, lines: ledger.lines,
        evicted: ledger.evicted, stalls: ledger.stalls, record: ledger.health, dropped: ledger.dropped,
        outlives: ledger.outlives, startError: ledger.startError)
    }
  }
}
