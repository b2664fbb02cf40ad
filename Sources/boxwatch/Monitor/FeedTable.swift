import ExecModel
import Journal

/// The executions that are read: each in its turn, and together for a bounded time, so that no flood keeps keys waiting.
struct FeedTable {
  /// How long one round takes at the most, in nanoseconds.
  private static let budget: UInt64 = 8_000_000

  private var feeds: [ExecutionID: ExecutionFeed] = [:]
  private var order: [ExecutionID] = []
  private var turn = 0
  private var interrupted: [ExecutionID] = []
  private var failing: Set<ExecutionID> = []

  /// What one execution had to tell.
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

  /// Reads from one execution after the other, beginning where the last round's time was up.
  ///
  /// A failure is told once, until a reading succeeds.
  ///
  /// - Returns: whether the time was up before all had their turn.
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
      if feed.isInterrupted, !feed.isTold { interrupted.append(feed.id) }
    }
    return false
  }

  /// Has those tried again whose last reading failed, and returns them with the reasons.
  func retry() -> [ExecutionID: JournalError] {
    var tried: [ExecutionID: JournalError] = [:]
    for id in failing {
      if let feed = feeds[id], feed.retry() { tried[id] = feed.failure }
    }
    return tried
  }

  /// The executions whose boxwatch has died since the last call, everything that it wrote being read.
  mutating func takeInterrupted() -> [ExecutionID] {
    defer { interrupted = [] }
    for id in interrupted { feeds[id]?.isTold = true }
    return interrupted
  }

  /// Gives back what the text of finished executions has cached, of all but one.
  func rest(except id: ExecutionID?) {
    for (other, feed) in feeds where other != id { feed.rest() }
  }
}
