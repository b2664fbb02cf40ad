import BoxLiteWire
import ExecEngine
import ExecModel
import Linux
import Synchronization

/// Whether the exit frame arrived.
enum HandOver {
  /// It was not sent, or the connection ended in a way that may have lost it.
  case open
  /// The client closed the connection in order after the kernel had the frame: it has read it,
  /// unless an intermediary closed the connection.
  case likely
  /// The client acknowledged data sent after it.
  case sure
}

/// A client's right to be attached to an execution, taken before the upgrade and released once.
struct AttachTicket: Sendable {
  let execution: ExecutionID
  /// Distinguishes claims; nil for a read-only client.
  let claim: UInt64?
  /// The offset of the first byte of each stream to send.
  let start: PerStream<UInt64>
  /// The message about the start offsets, if there is one.
  let note: ServerMessage?

  var isWriter: Bool { claim != nil }
}

/// Timestamps in the form that BoxLite's clients read: RFC 3339 in UTC with milliseconds.
enum Timestamp {
  /// The current time.
  static func now() -> String { text(WallClock.now) }

  /// A time in nanoseconds since 1970.
  static func text(_ nanoseconds: UInt64) -> String { WallClock.text(nanoseconds, digits: 3) }
}

/// The attached clients of each execution of one engine, and how much they have received; shared by
/// all listeners.
///
/// Every method may be called from any thread. The lock is not held while the engine is called.
final class Store: Sendable {
  struct Content {
    var executions: [ExecutionID: ExecutionRecord] = [:]
    var claims: UInt64 = 0
    var started: UInt64 = 0
    /// The number of clients' commands that are running or starting.
    var running = 0
    /// The bytes of all known executions.
    var bytes = 0

  }

  let engine: Engine
  let configuration: ServerConfiguration
  /// The clock, in monotonic nanoseconds.
  let now: @Sendable () -> UInt64
  let content = Mutex(Content())
  let freed = FreedMemory()
  private let watchers = Mutex<[@Sendable () -> Void]>([])

  init(_ engine: Engine, _ configuration: ServerConfiguration, now: @escaping @Sendable () -> UInt64) {
    (self.engine, self.configuration, self.now) = (engine, configuration, now)
  }

  /// Kills an execution with the rest of its process group; does nothing when it does not exist.
  func kill(_ id: ExecutionID) { try? engine.kill(id) }

  /// Calls `watcher` after clients attach or detach.
  func watchClients(_ watcher: @escaping @Sendable () -> Void) { watchers.withLock { $0.append(watcher) } }

  func tellWatchers() { for watcher in watchers.withLock({ $0 }) { watcher() } }

  /// The number of attached clients, read-only ones included.
  var clients: Int { content.withLock { $0.executions.values.reduce(0) { $0 + $1.clients } } }
}

// Limits on clients' executions.
extension Store {
  /// Reserves the cost of a client's command, which counts as running from here on.
  ///
  /// Finished executions are forgotten to make room, those that ended first going first; an
  /// execution whose end a client is still receiving is kept.
  func reserve(_ cost: Int) throws(ErrorReply) {
    let (limits, time) = (configuration.limits, now())
    let forgotten = try content.withLock { content throws(ErrorReply) in
      guard content.running < limits.executions else {
        throw ErrorReply(
          .resourceExhausted, "\(limits.executions) commands already run on this server: wait for one to end")
      }
      let forgotten = content.makeRoom(for: cost, in: limits.allExecutions) { record in
        record.ended != nil && !record.isAttached && !record.keepsEnd(at: time, for: configuration.times.handOver)
      }
      guard content.bytes + cost <= limits.allExecutions else {
        throw ErrorReply(
          .resourceExhausted,
          "the limit of \(limits.allExecutions) bytes for all commands of this server is reached: wait for one to end")
      }
      content.running += 1
      return forgotten
    }
    for record in forgotten where record.box != nil { forget(record.id) }
    freed.add(forgotten.reduce(0) { $0 + $1.cost })
  }
}

extension Store.Content {
  /// Adds an execution; a client's counts as running since its reservation.
  mutating func insert(_ record: ExecutionRecord) {
    executions[record.id] = record
    bytes += record.cost
  }

  /// Records an execution's end.
  mutating func end(_ id: ExecutionID, at time: UInt64) {
    guard let record = executions[id] else { return }
    if record.isCounted { running -= 1 }
    executions[id]?.ended = time
  }

  /// Forgets an execution.
  @discardableResult
  mutating func remove(_ id: ExecutionID) -> ExecutionRecord? {
    guard let record = executions.removeValue(forKey: id) else { return nil }
    bytes -= record.cost
    if record.isCounted { running -= 1 }
    return record
  }

  /// Removes the oldest removable executions when there is no room, an eighth more than needed, so
  /// that the next call need not search again.
  fileprivate mutating func makeRoom(
    for cost: Int, in size: Int, _ mayGo: (ExecutionRecord) -> Bool
  ) -> [ExecutionRecord] {
    guard bytes + cost > size else { return [] }
    var forgotten: [ExecutionRecord] = []
    for record in executions.values.filter(mayGo).sorted(by: { ($0.ended ?? 0, $0.id) < ($1.ended ?? 0, $1.id) }) {
      guard bytes + cost > size - size / 8 else { break }
      remove(record.id)
      forgotten.append(record)
    }
    return forgotten
  }
}

extension ExecutionRecord {
  /// Whether it counts as one of the clients' running commands.
  fileprivate var isCounted: Bool { box != nil && ended == nil }
}
