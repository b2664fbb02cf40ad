import ExecEngine
import ExecModel
import Synchronization

/// The ends of several executions, collected as their waits are answered.
final class Conclusions: Sendable {
  private let ends = Mutex<[ExecutionID: Conclusion?]>([:])

  /// Waits for one more execution.
  func expect(_ id: ExecutionID, from engine: Engine, waking wake: WakeDescriptor) throws {
    ends.withLock { $0[id] = .some(nil) }
    try engine.wait(id) { conclusion in
      self.ends.withLock { $0[id] = conclusion }
      wake.wake()
    }
  }

  /// Whether every expected end is known.
  var areComplete: Bool { ends.withLock { $0.values.allSatisfy { $0 != nil } } }

  /// One execution's end, when it is known.
  subscript(id: ExecutionID) -> Conclusion? { ends.withLock { $0[id] ?? nil } }
}
