import ExecModel
import Journal
import Linux

/// The feeds that are read, in turn and within a time limit, so that a flood does not delay keys.
struct FeedTable {
  /// The maximum length of one round, in nanoseconds.
  private static let budget: UInt64 = 8_000_000

  private var feeds: [ExecutionID: ExecutionFeed] = [:]
  private var order: [ExecutionID] = []
  private var turn = 0
  private var interrupted: [ExecutionID] = []
  private var failing: Set<ExecutionID> = []

  /// The result of reading one execution.
  typealias News = (id: ExecutionID, events: Result<[RecordedEvent], JournalError>)

  subscript(id: ExecutionID) -> ExecutionFeed? { feeds[id] }

  mutating func add(_ feed: ExecutionFeed) {
    if feeds.updateValue(feed, forKey: feed.id) == nil { order.append(feed.id) }
  }

  mutating func remove(_ id: ExecutionID) {
    feeds.removeValue(forKey: id)?.cancel()
    order.removeAll { $0 == id }
    failing.remove(id)
  }

  /// Reads the executions in turn, starting where the last round stopped.
  ///
  /// A failure is reported once, until a read succeeds again.
  ///
  /// - Returns: whether the time limit was reached before every execution had a turn.
  mutating func read(_ receive: (News) -> Void) -> Bool {
    let start = MonotonicClock.now
    for count in 0..<order.count {
      if count > 0, MonotonicClock.now &- start > Self.budget { return true }
      turn = (turn + 1) % order.count
      guard let feed = feeds[order[turn]] else { continue }
      let events = feed.take()
      if !events.isEmpty { receive((feed.id, .success(events))) }
      if let failure = feed.failure {
        if failing.insert(feed.id).inserted { receive((feed.id, .failure(failure))) }
        continue
      }
      failing.remove(feed.id)
      if feed.isInterrupted, !feed.isReported { interrupted.append(feed.id) }
    }
    return false
  }

  /// Marks failed feeds for a retry, and returns them with the errors.
  func retry() -> [ExecutionID: JournalError] {
    var tried: [ExecutionID: JournalError] = [:]
    for id in failing {
      if let feed = feeds[id], feed.retry() { tried[id] = feed.failure }
    }
    return tried
  }

  /// The executions whose boxwatch has died since the last call, once everything it wrote was read.
  mutating func takeInterrupted() -> [ExecutionID] {
    defer { interrupted = [] }
    for id in interrupted { feeds[id]?.isReported = true }
    return interrupted
  }

  /// Frees the text caches of finished executions, except for one.
  func rest(except id: ExecutionID?) {
    for (other, feed) in feeds where other != id { feed.rest() }
  }
}
