import BoxLiteWire
import ExecEngine
import ExecModel
import Synchronization

/// What is known of the exit frame's arrival.
enum HandOver {
  /// It was not sent, or the connection ended in a way that may have taken it.
  case open
  /// The client hung up in order after the kernel had it: it has read it, unless something between us hung up.
  case likely
  /// The client answered what came after it.
  case sure
}

/// A client's right to be attached to an execution, taken before the upgrade and given back once.
struct AttachTicket: Sendable {
  let execution: ExecutionID
  /// Tells claims apart; nil for a client that only reads.
  let claim: UInt64?
  /// The first byte of each stream to send.
  let start: StreamCounts
  /// What the client must know about where it starts.
  let note: ServerMessage?

  var isWriter: Bool { claim != nil }
}

/// Moments as BoxLite's clients get them: RFC 3339 in UTC to the millisecond.
enum Timestamp {
  /// Now.
  static func now() -> String { text(WallClock.now) }

  /// A moment in nanoseconds since 1970.
  static func text(_ nanoseconds: UInt64) -> String { WallClock.text(nanoseconds, digits: 3) }
}

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

// How much clients' executions may be.
extension Store {
  /// Reserves what a client's command costs: it counts as running from here on.
  ///
  /// Executions that are over make room, those first that are over longest; none that a client still takes the end of.
  func reserve(_ cost: Int) throws(ErrorReply) {
    let (limits, time) = (configuration.limits, now())
    let forgotten = try content.withLock { content throws(ErrorReply) in
      guard content.running < limits.executions else {
        throw ErrorReply(
          .resourceExhausted, "\(limits.executions) commands run on this server already: wait for one to end")
      }
      let forgotten = content.makeRoom(for: cost, in: limits.allExecutions) { record in
        record.ended != nil && !record.isAttached && !record.keepsEnd(at: time, for: configuration.times.handOver)
      }
      guard content.bytes + cost <= limits.allExecutions else {
        throw ErrorReply(
          .resourceExhausted,
          "the commands of this server have \(limits.allExecutions) bytes at most: wait for one to end")
      }
      content.running += 1
      return forgotten
    }
    for record in forgotten where record.box != nil { forget(record.id) }
    freed.add(forgotten.reduce(0) { $0 + $1.cost })
  }
}

extension Store.Content {
  /// Takes an execution in; a client's counts as running from its reservation on.
  mutating func insert(_ record: ExecutionRecord) {
    executions[record.id] = record
    bytes += record.cost
  }

  /// Notes an execution's end.
  mutating func end(_ id: ExecutionID, at time: UInt64) {
    guard let record = executions[id] else { return }
    if record.isCounted { running -= 1 }
    executions[id]?.ended = time
  }

  /// Knows an execution no longer.
  @discardableResult
  mutating func remove(_ id: ExecutionID) -> ExecutionRecord? {
    guard let record = executions.removeValue(forKey: id) else { return nil }
    bytes -= record.cost
    if record.isCounted { running -= 1 }
    return record
  }

  /// Removes the oldest of those that may go when there is no room, an eighth more than needed: the next need not look again.
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
  /// Whether it counts as one of the clients' commands that run.
  fileprivate var isCounted: Bool { box != nil && ended == nil }
}
