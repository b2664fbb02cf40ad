import ExecEngine
import ExecModel
import Glibc
import Synchronization

/// Ends everything that still runs, politely first: TERM, after two seconds KILL; lets go of what we are only attached to.
struct Farewell {
  private let engine: Engine

  init(_ engine: Engine) { self.engine = engine }

  /// Returns when every execution is over, after four seconds at the latest; says then which are not.
  ///
  /// - Returns: whether all are over.
  @discardableResult
  func endAll() -> Bool {
    // Ending takes a few: control groups are killed by their files.
    DescriptorReserve.release()
    let active = engine.snapshots().filter { $0.conclusion == nil }
    guard !active.isEmpty else { return true }
    let left = Awaited(active.count)
    for snapshot in active {
      try? engine.wait(snapshot.id) { _ in left.finishOne() }
      terminate(snapshot)
    }
    if left.wait(milliseconds: 2000) { return true }
    for snapshot in active { try? engine.kill(snapshot.id) }
    if left.wait(milliseconds: 2000) { return true }
    for snapshot in active { complain(snapshot.id) }
    return false
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

/// Waits for several ends.
private final class Awaited: Sendable {
  private let left: Atomic<Int>
  /// Nil where not even the reserve had a descriptor: the end is looked for by the clock then.
  private let wake = try? WakeDescriptor()

  init(_ count: Int) { left = Atomic(count) }

  func finishOne() {
    if left.subtract(1, ordering: .acquiringAndReleasing).newValue == 0 { wake?.wake() }
  }

  private var isOver: Bool { left.load(ordering: .acquiring) <= 0 }

  /// Whether all are over in time.
  func wait(milliseconds: Int32) -> Bool {
    if let wake { return wake.wait(milliseconds: milliseconds) }
    for _ in 0..<(milliseconds / 20) where !isOver { _ = poll(nil, 0, 20) }
    return isOver
  }
}
