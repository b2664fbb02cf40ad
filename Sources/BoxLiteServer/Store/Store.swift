import BoxLiteWire
import ExecEngine
import ExecModel
import Synchronization

/// The boxes and executions that clients made, over one engine.
///
/// Every method may be called from any thread. The lock is never held while the engine is called.
final class Store: Sendable {
  struct Content {
    var boxes: [String: BoxRecord] = [:]
    var executions: [ExecutionID: ExecutionRecord] = [:]
    var claims: UInt64 = 0
    var started: UInt64 = 0
  }

  let engine: Engine
  let box: any Box
  let configuration: ServerConfiguration
  /// Monotonic nanoseconds.
  let now: @Sendable () -> UInt64
  let content = Mutex(Content())

  init(_ engine: Engine, _ box: any Box, _ configuration: ServerConfiguration, now: @escaping @Sendable () -> UInt64) {
    (self.engine, self.box, self.configuration, self.now) = (engine, box, configuration, now)
  }

  /// Ends an execution with all that is left of its process group.
  ///
  /// Of a draining one the group holds the streams, and closing alone would let that live on.
  func kill(_ id: ExecutionID) {
    if case .draining = (try? engine.snapshot(id))?.state { try? engine.signal(id, .kill) }
    try? engine.forceClose(id)
  }
}
