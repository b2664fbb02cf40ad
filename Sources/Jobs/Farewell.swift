import Console
package import ExecEngine
import ExecModel
import Glibc
import Linux
import Synchronization

/// Ends every execution that is still running: SIGTERM, after two seconds SIGKILL; detaches from
/// attached ones.
package struct Farewell {
  private let engine: Engine

  /// Ends the executions of `engine`.
  package init(_ engine: Engine) { self.engine = engine }

  /// Returns when every execution is over, after four seconds at the latest; then reports those
  /// that are not.
  ///
  /// - Returns: whether all are over.
  @discardableResult
  package func endAll() -> Bool {
    // Ending needs a few descriptors: control groups are killed through their files.
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
    Diagnostics.print("\(id)\(process) could not be killed, and is left running; its journal is interrupted")
  }

  /// An execution whose process cannot be signalled is force-closed, which releases the holders of
  /// its streams.
  private func terminate(_ snapshot: ExecutionSnapshot) {
    if snapshot.outlives { return (try? engine.detach(snapshot.id)) ?? () }
    do {
      try engine.signal(snapshot.id, .terminate)
    } catch {
      try? engine.forceClose(snapshot.id)
    }
  }
}

/// Waits for several executions to end.
private final class Awaited: Sendable {
  private let left: Atomic<Int>
  /// Nil when even the reserve had no descriptor left; the end is then polled for.
  private let wake = try? WakeDescriptor()

  init(_ count: Int) { left = Atomic(count) }

  func finishOne() {
    if left.subtract(1, ordering: .acquiringAndReleasing).newValue == 0 { wake?.wake() }
  }

  private var isOver: Bool { left.load(ordering: .acquiring) <= 0 }

  /// Whether all ended within the timeout.
  func wait(milliseconds: Int32) -> Bool {
    if let wake { return wake.wait(milliseconds: milliseconds) }
    for _ in 0..<(milliseconds / 20) where !isOver { _ = poll(nil, 0, 20) }
    return isOver
  }
}

/// Descriptors reserved for an orderly termination: a process that has run out of descriptors can
/// still end what it started.
package enum DescriptorReserve {
  private static let size = 4
  private static let kept = Mutex<[Int32]>([])

  /// Reserves the descriptors that are available.
  package static func hold() {
    kept.withLock { kept in
      while kept.count < size {
        let descriptor = open("/dev/null", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        kept.append(descriptor)
      }
    }
  }

  /// Releases them for the code that ends the commands.
  package static func release() {
    kept.withLock { kept in
      for descriptor in kept { close(descriptor) }
      kept = []
    }
  }
}
