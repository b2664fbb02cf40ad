import ExecEngine
import ExecModel
import Synchronization

/// Ends everything that still runs, politely first: TERM, after two seconds KILL; lets go of what we are only attached to.
struct Farewell {
  private let engine: Engine

  init(_ engine: Engine) { self.engine = engine }

  /// Returns when every execution is over, after four seconds at the latest; says then which are not.
  func endAll() {
    let active = engine.snapshots().filter { $0.conclusion == nil }
    guard !active.isEmpty, let wake = try? WakeDescriptor() else { return }
    let left = Countdown(active.count)
    for snapshot in active {
      try? engine.wait(snapshot.id) { _ in if left.finishOne() { wake.wake() } }
      terminate(snapshot)
    }
    if wake.wait(milliseconds: 2000) { return }
    for snapshot in active { try? engine.kill(snapshot.id) }
    if wake.wait(milliseconds: 2000) { return }
    for snapshot in active { complain(snapshot.id) }
  }

  private func complain(_ id: ExecutionID) {
    guard let snapshot = try? engine.snapshot(id), snapshot.conclusion == nil else { return }
    let process = snapshot.processIdentifier.map { " (process \($0))" } ?? ""
    Diagnostics.print("\(id)\(process) could not be ended, and is left behind; its journal is interrupted")
  }

  /// One whose process cannot be asked is closed: who holds its streams is let go.
  private func terminate(_ snapshot: ExecutionSnapshot) {
    if snapshot.outlives { return (try? engine.detach(snapshot.id)) ?? () }
    do {
      try engine.signal(snapshot.id, .terminate)
    } catch {
      try? engine.forceClose(snapshot.id)
    }
  }
}
