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
    switch admit(stream) {
    case .taken: break
    case .heldBack: return 0
    case .dropped: return bytes.byteCount
    }
    // The bytes are in the file before their length is published: no reader can see a byte that is not there.
    let stored = journal.store(stream, bytes)
    return publish(stored, of: stream) ? bytes.byteCount : stored.taken
  }

  func gap(_ stream: ExecStream, _ gap: OutputGap) {
    locked { ledger, time, after in ledger.note(gap, in: stream, at: time, &after) }
  }

  func endOfStream(_ stream: ExecStream) {
    // An end that was reached by leaving bytes out is a cut.
    let isCut = locked { ledger, _, _ in ledger.leftOut.contains(stream) }
    if isCut { emptied(stream) } else { report(.endOfStream(stream), as: .endOfStream(stream)) }
  }

  func emptied(_ stream: ExecStream) { report(.streamEmptied(stream), as: .streamEmptied(stream)) }

  func exited(_ status: ExitStatus) { report(.exited(status), as: .exited(status)) }

  func connectionLost() { report(.connectionLost, as: .connectionLost) }

  /// What becomes of a chunk.
  private enum Admission { case taken, heldBack, dropped }

  /// Decides before a byte is stored: one that nobody may publish would shift the offsets of all that follow.
  private func admit(_ stream: ExecStream) -> Admission {
    locked { ledger, time, after in
      guard ledger.machine.state.open.contains(stream) else {
        ledger.dropped += 1
        return .dropped
      }
      // What follows a part that was left out must not close up the gap.
      if ledger.leftOut.contains(stream) { return .dropped }
      guard ledger.holdsBack else { return .taken }
      if ledger.leaveOut(stream) { return .dropped }
      ledger.stall(stream, errno: ledger.waitsForReader ? 0 : ledger.fault?.rawValue ?? 0, at: time, &after)
      return .heldBack
    }
  }

  /// Publishes what was stored; true when the rest of the chunk is to be left out.
  private func publish(_ stored: StoreResult, of stream: ExecStream) -> Bool {
    locked { ledger, time, after in
      // The connection may have been lost while the bytes were written; the record is closed then.
      guard (try? ledger.machine.apply(.output(stream))) == .append else {
        ledger.dropped += 1
        return true
      }
      if stored.taken > 0 {
        ledger.resume(stream, at: time, &after)
        ledger.publishOutput(stream, count: stored.taken, newlines: stored.newlines, at: time, &after)
        ledger.evictIfNeeded(at: time, &after)
      }
      guard let error = stored.error else { return false }
      if ledger.leaveOut(stream) { return true }
      ledger.stall(stream, errno: error.rawValue, at: time, &after)
      return false
    }
  }
}
