import ExecModel
import Glibc
import HeapModule
import Linux
import Synchronization

/// The engine's clock: monotonic time and one-shot timers.
///
/// Tests supply one that they advance manually.
public protocol EngineTimers: Sendable {
  /// Nanoseconds on a clock that never decreases.
  func now() -> UInt64

  /// Calls `work` once on the timers' thread, `delay` from now.
  ///
  /// Timers cannot be cancelled: work that fires too late detects it under the lock of the object it concerns.
  func schedule(after delay: Duration, _ work: @escaping @Sendable () -> Void)
}

/// One thread that sleeps until the earliest timer; started by the first timer.
public final class TimerThread: EngineTimers {
  /// The timers of this process.
  public static let shared = TimerThread()

  private struct Entry: Comparable {
    let due: UInt64
    let order: UInt64
    let work: @Sendable () -> Void

    static func < (left: Entry, right: Entry) -> Bool { (left.due, left.order) < (right.due, right.order) }
    static func == (left: Entry, right: Entry) -> Bool { left.order == right.order }
  }

  private struct State {
    var heap = Heap<Entry>()
    var scheduled: UInt64 = 0
    var isRunning = false
  }

  /// The longest sleep, in milliseconds, when no descriptor was left for the wake-up.
  private static let blindSleep: Int32 = 20

  private let state = Mutex(State())
  /// Nil when no descriptor was left.
  private let wake = try? WakeDescriptor()

  private init() {}

  /// Nanoseconds of `CLOCK_MONOTONIC` (clock_gettime(2)).
  public func now() -> UInt64 { MonotonicClock.now }

  /// Adds a timer; see ``EngineTimers/schedule(after:_:)``.
  public func schedule(after delay: Duration, _ work: @escaping @Sendable () -> Void) {
    let due = now().addingReportingOverflow(delay.nanoseconds)
    let isFirst = state.withLock { state in
      state.heap.insert(
        Entry(due: due.overflow ? .max : due.partialValue, order: state.scheduled, work: work))
      state.scheduled += 1
      defer { state.isRunning = true }
      return !state.isRunning
    }
    if isFirst { start() }
    wake?.wake()
  }

  private func start() {
    let failure = DetachedThread.start(name: "boxwatch-timers") { [self] in
      while true { runDue(); sleep() }
    }
    // Without a thread, the next timer tries again; pending work is late, not lost.
    if failure != nil { state.withLock { $0.isRunning = false } }
  }

  private func runDue() {
    let time = now()
    while let entry = state.withLock({ $0.heap.min.map(\.due) ?? .max <= time ? $0.heap.popMin() : nil }) {
      entry.work()
    }
  }

  private func sleep() {
    let due = state.withLock { $0.heap.min?.due }
    let time = now()
    var descriptor = pollfd(fd: wake?.raw ?? -1, events: Int16(POLLIN), revents: 0)
    // Rounded up: waking early would spin until the millisecond is over.
    let milliseconds = due.map { Int32(min(($0 - min(time, $0) + 999_999) / 1_000_000, 3_600_000)) }
    // Without a descriptor the thread cannot be woken for an earlier timer.
    let blind = min(Self.blindSleep, milliseconds ?? Self.blindSleep)
    poll(&descriptor, 1, wake == nil ? blind : milliseconds ?? -1)
    wake?.clear()
  }
}
