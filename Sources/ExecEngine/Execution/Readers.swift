import ExecModel

/// The positions of an execution's subscriptions, and the wake-ups of those that sleep.
struct Readers {
  /// A call that wakes one sleeping reader.
  typealias Wake = @Sendable () -> Void

  private struct Reader {
    /// When the reader needs every byte, nothing from this record on may be evicted.
    var cursor: UInt64 = 0
    /// Whether eviction waits for this reader.
    let needsEveryByte: Bool
    /// Called once when there is something to read; nil while the reader is awake.
    var wake: Wake?
  }

  private var all: [UInt64: Reader] = [:]
  private var next: UInt64 = 0

  /// Adds a reader and returns its number.
  mutating func add(needsEveryByte: Bool) -> UInt64 {
    defer { next += 1 }
    all[next] = Reader(needsEveryByte: needsEveryByte)
    return next
  }

  /// Removes a reader; returns whether eviction waited for it.
  mutating func remove(_ number: UInt64) -> Bool { all.removeValue(forKey: number)?.needsEveryByte ?? false }

  /// Whether the reader was not removed.
  func contains(_ number: UInt64) -> Bool { all[number] != nil }

  /// Moves a reader's cursor forward; returns whether it moved and eviction waits for this reader.
  mutating func advance(_ number: UInt64, to cursor: UInt64) -> Bool {
    guard let reader = all[number], reader.cursor < cursor else { return false }
    all[number]?.cursor = cursor
    return reader.needsEveryByte
  }

  /// Registers the wake-up of a reader that found nothing to read.
  mutating func arm(_ number: UInt64, _ wake: @escaping Wake) { all[number]?.wake = wake }

  /// Removes and returns a reader's wake-up; nil while it is awake.
  mutating func disarm(_ number: UInt64) -> Wake? {
    guard let wake = all[number]?.wake else { return nil }
    all[number]?.wake = nil
    return wake
  }

  /// Moves the wake-ups of all sleeping readers to `wakes`.
  mutating func wakeAll(_ wakes: inout [Wake]) {
    for index in all.indices {
      guard let wake = all.values[index].wake else { continue }
      all.values[index].wake = nil
      wakes.append(wake)
    }
  }

  /// The position of the slowest reader that needs every byte; nil when there is none.
  var slowest: UInt64? {
    all.values.lazy.filter(\.needsEveryByte).map(\.cursor).min()
  }
}

/// The registered `wait`s of an execution, in the order of their registration.
struct Waiters {
  /// A waiter's number and the closure to call with the conclusion.
  struct Waiter {
    let number: UInt64
    let answer: @Sendable (Conclusion) -> Void
  }

  private var pending: [Waiter] = []
  private var next: UInt64 = 0

  /// Adds a waiter.
  mutating func add(_ answer: @escaping @Sendable (Conclusion) -> Void) {
    pending.append(Waiter(number: next, answer: answer))
    next += 1
  }

  /// Removes and returns all waiters.
  mutating func takeAll() -> [Waiter] {
    defer { pending = [] }
    return pending
  }
}
