import CExecShims
import ExecModel
import Glibc
import HeapModule
import Journal
import Synchronization
package import SystemPackage

/// Wall-clock times as text.
package enum WallClock {
  /// Nanoseconds since 1970.
  package static var now: UInt64 { cexec_wall_clock() }

  /// UTC by RFC 3339, cut to microseconds or fewer digits of the second: `2026-11-24T06:20:01.123456Z`.
  ///
  /// - Parameter digits: 1 to 6.
  package static func text(_ nanoseconds: UInt64, digits: Int = 6) -> String {
    let parts = utc(nanoseconds)
    let date = "\(parts.tm_year + 1900)-\(pad(parts.tm_mon + 1))-\(pad(parts.tm_mday))"
    let clock = "\(pad(parts.tm_hour)):\(pad(parts.tm_min)):\(pad(parts.tm_sec))"
    return "\(date)T\(clock).\(microseconds(nanoseconds).prefix(digits))Z"
  }

  /// The calendar's and the clock's parts of a time.
  static func utc(_ nanoseconds: UInt64) -> tm {
    var seconds = time_t(nanoseconds / 1_000_000_000)
    var parts = tm()
    gmtime_r(&seconds, &parts)
    return parts
  }

  /// The second's six digits.
  static func microseconds(_ nanoseconds: UInt64) -> String { pad(Int32(nanoseconds % 1_000_000_000 / 1000), 6) }

  /// A number with zeros before it.
  static func pad(_ value: Int32, _ width: Int = 2) -> String {
    let text = String(value)
    return String(repeating: "0", count: max(0, width - text.count)) + text
  }
}

/// Starts the threads of the engine, its boxes and its users.
package enum EngineThread {
  /// Runs `body` on a new detached thread with every signal blocked; `name` is cut to the kernel's 15 bytes
  /// (pthread_setname_np(3)).
  ///
  /// - Returns: why there is no thread, when the kernel has none left (pthread_create(3)).
  @discardableResult
  package static func start(name: String, _ body: @escaping @Sendable () -> Void) -> Errno? {
    DetachedThread.start(name: name, body)
  }
}

/// Time as the engine sees it: a monotonic clock and one-shot timers.
///
/// Tests bring one that they move by hand.
public protocol EngineTimers: Sendable {
  /// Nanoseconds on a clock that never goes back.
  func now() -> UInt64

  /// Calls `work` once, on a thread of the timers' own, `delay` from now.
  ///
  /// There is no cancelling: work that came too
  /// late finds that out under the lock of what it is about.
  func schedule(after delay: Duration, _ work: @escaping @Sendable () -> Void)
}

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
