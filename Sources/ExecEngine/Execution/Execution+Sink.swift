import ExecModel
import Journal
import SystemPackage

// What a box reports. Each call returns after its effect is published.
extension Execution {
  func started(processIdentifier: Int32?) {
    locked { ledger, time, after in
      ledger.processIdentifier = processIdentifier
      self.apply(
        .spawned, as: .started(processIdentifier: processIdentifier), &ledger, time, &after)
    }
  }

  func output(_ stream: ExecStream, _ bytes: borrowing RawSpan) -> Int {
    guard !holdBack(stream) else { return leaveOut(stream, bytes.byteCount) }
    // The bytes are in the file before their length is published: no reader can see a byte that is not there.
    let stored = journal.store(stream, bytes)
    publish(stored, of: stream)
    let rest = bytes.byteCount - stored.taken
    return stored.taken + (rest > 0 ? leaveOut(stream, rest) : 0)
  }

  /// Takes bytes that cannot be recorded when the execution is being closed by force: a full disk must not keep it open.
  ///
  /// The stream is named truncated then. In every other state nothing is taken, and the command waits.
  private func leaveOut(_ stream: ExecStream, _ count: Int) -> Int {
    locked { ledger, _, _ in
      guard case .emptying = ledger.machine.state else { return 0 }
      ledger.leftOut.insert(StreamSet(stream))
      return count
    }
  }

  func endOfStream(_ stream: ExecStream) {
    // An end that was reached by leaving bytes out is a cut.
    let isCut = locked { ledger, _, _ in ledger.leftOut.contains(stream) }
    if isCut { emptied(stream) } else { report(.endOfStream(stream), as: .endOfStream(stream)) }
  }

  func emptied(_ stream: ExecStream) { report(.streamEmptied(stream), as: .streamEmptied(stream)) }

  func exited(_ status: ExitStatus) { report(.exited(status), as: .exited(status)) }

  func connectionLost() { report(.connectionLost, as: .connectionLost) }

  private func holdBack(_ stream: ExecStream) -> Bool {
    locked { ledger, time, after in
      guard ledger.holdsBack else { return false }
      ledger.stall(stream, errno: ledger.waitsForReader ? 0 : ledger.fault?.rawValue ?? 0, at: time, &after)
      return true
    }
  }

  private func publish(_ stored: StoreResult, of stream: ExecStream) {
    locked { ledger, time, after in
      if stored.taken > 0 {
        ledger.resume(stream, at: time, &after)
        self.publish(stored, of: stream, &ledger, time, &after)
      }
      if let error = stored.error { ledger.stall(stream, errno: error.rawValue, at: time, &after) }
    }
  }

  private func publish(
    _ stored: StoreResult, of stream: ExecStream, _ ledger: inout Ledger, _ time: UInt64, _ after: inout Aftermath
  ) {
    guard (try? ledger.machine.apply(.output(stream))) == .append else {
      ledger.dropped += 1
      return
    }
    ledger.publishOutput(stream, count: stored.taken, newlines: stored.newlines, at: time, &after)
    ledger.evictIfNeeded(at: time, &after)
  }
}
