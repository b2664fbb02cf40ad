import ExecModel
import Journal
import SystemPackage

// The reports of a box. Each call returns after its effect is published.
extension Execution {
  func started(processIdentifier: Int32?) {
    locked { ledger in
      ledger.processIdentifier = processIdentifier
      ledger.apply(.spawned, as: .started(processIdentifier: processIdentifier))
    }
  }

  func output(_ stream: ExecStream, _ bytes: borrowing RawSpan) -> Int {
    var taken = 0
    // More than one pass only for a chunk during which the disk is given up.
    while taken < bytes.byteCount {
      switch admit(stream) {
      case .taken: break
      case .heldBack: return taken
      case .dropped: return bytes.byteCount
      }
      // The bytes are written to the file before their length is published, so no reader sees a length without its
      // bytes.
      let stored = journal.store(stream, bytes.extracting(taken..<bytes.byteCount))
      taken += stored.taken
      switch publish(stored, of: stream) {
      case .taken: break
      case .heldBack: return taken
      case .dropped: return bytes.byteCount
      }
    }
    return taken
  }

  func gap(_ stream: ExecStream, _ gap: OutputGap) {
    locked { ledger in ledger.note(gap, in: stream) }
  }

  func endOfStream(_ stream: ExecStream) { report(.endOfStream(stream), as: .endOfStream(stream)) }

  func emptied(_ stream: ExecStream) {
    locked { ledger in
      let cut = ledger.force ?? .held(by: ledger.holders[stream])
      ledger.cut(stream, .streamEmptied(stream), because: cut)
    }
  }

  func failed(_ stream: ExecStream, errno: Int32) {
    locked { ledger in
      ledger.cut(stream, .streamFailed(stream), because: .unreadable(errno))
    }
  }

  func exited(_ status: ExitStatus) { report(.exited(status), as: .exited(status)) }

  func connectionLost() {
    locked { ledger in
      ledger.cutAll(.connectionLost, as: .connectionLost, because: .connectionLost)
    }
  }

  /// The result of offering a chunk.
  private enum Admission { case taken, heldBack, dropped }

  /// Decides before a byte is stored: a stored chunk that cannot be published would shift the offsets of all later
  /// ones.
  private func admit(_ stream: ExecStream) -> Admission {
    locked { ledger in
      guard ledger.state.open.contains(stream) else {
        ledger.dropped += 1
        return .dropped
      }
      guard ledger.holdsBack else { return .taken }
      ledger.stall(stream, errno: ledger.waitsForReader ? 0 : ledger.health.faultNumber)
      // Publishing the stall may itself have given up the disk.
      return ledger.holdsBack ? .heldBack : .taken
    }
  }

  /// Publishes stored bytes, and returns what happens to the rest of the chunk.
  private func publish(_ stored: StoreResult, of stream: ExecStream) -> Admission {
    locked { ledger in
      // The connection may have been lost while the bytes were written; the record is closed then.
      guard ledger.accepts(stream) else { return .dropped }
      if stored.taken > 0 {
        ledger.resume(stream)
        ledger.publishOutput(stream, stored)
        ledger.evictIfNeeded()
      }
      guard let error = stored.error else { return .taken }
      if ledger.givesUp(after: error) {
        ledger.flush()
        return .taken
      }
      ledger.stall(stream, errno: ledger.health.faultNumber)
      ledger.retryLater()
      return .heldBack
    }
  }
}
