import CExecShims
import ExecModel
import Glibc
import HeapModule
import Synchronization

/// One thread that sleeps until the earliest timer; started by the first timer, never before.
public final class TimerThread: EngineTimers {
  /// The process's timers.
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

  /// How long to sleep at the most when the kernel had no descriptor left for the wake-up, in milliseconds.
  private static let blindSleep: Int32 = 20

  private let state = Mutex(State())
  private let wake: Int32

  private init() { wake = cexec_event_open() }

  /// Nanoseconds of `CLOCK_MONOTONIC` (clock_gettime(2)).
  public func now() -> UInt64 { cexec_clock(CLOCK_MONOTONIC) }

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
    cexec_event_set(wake)
  }

  private func start() {
    let failure = EngineThread.start(name: "boxwatch-timers") { [self] in
      while true { runDue(); sleep() }
    }
    // Without a thread now, the next timer tries again; what waits is late then, and not lost.
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
    var descriptor = pollfd(fd: wake, events: Int16(POLLIN), revents: 0)
    // Rounded up: waking a little early would spin until the millisecond is over.
    let milliseconds = due.map { Int32(min(($0 - min(time, $0) + 999_999) / 1_000_000, 3_600_000)) }
    // Without a descriptor nobody could wake it for an earlier timer.
    let blind = min(Self.blindSleep, milliseconds ?? Self.blindSleep)
    poll(&descriptor, 1, wake < 0 ? blind : milliseconds ?? -1)
    cexec_event_clear(wake)
  }
}
