import BoxLiteWire
import ExecEngine
import ExecModel
import Synchronization

/// Who is attached to which execution of one engine, and what they have: the claims of all its listeners.
///
/// Every method may be called from any thread. The lock is never held while the engine is called.
final class Store: Sendable {
  struct Content {
    var executions: [ExecutionID: ExecutionRecord] = [:]
    var claims: UInt64 = 0
    var started: UInt64 = 0
    /// Clients' commands that run, and those that are being started.
    var running = 0
    /// Bytes of all executions that are known.
    var bytes = 0

  }

  let engine: Engine
  let configuration: ServerConfiguration
  /// Monotonic nanoseconds.
  let now: @Sendable () -> UInt64
  let content = Mutex(Content())
  let freed = FreedMemory()
  private let watchers = Mutex<[@Sendable () -> Void]>([])

  init(_ engine: Engine, _ configuration: ServerConfiguration, now: @escaping @Sendable () -> UInt64) {
    (self.engine, self.configuration, self.now) = (engine, configuration, now)
  }

  /// Ends an execution with all that is left of its process group; does nothing to one that there is not.
  func kill(_ id: ExecutionID) { try? engine.kill(id) }

  /// Calls `watcher` after clients came or went.
  func watchClients(_ watcher: @escaping @Sendable () -> Void) { watchers.withLock { $0.append(watcher) } }

  func tellWatchers() { for watcher in watchers.withLock({ $0 }) { watcher() } }

  /// How many clients are attached, those that only watch included.
  var clients: Int { content.withLock { $0.executions.values.reduce(0) { $0 + $1.clients } } }
}
