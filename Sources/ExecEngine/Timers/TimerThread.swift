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

  /// UTC in RFC 3339 format, truncated to microseconds or fewer digits: `2026-11-24T06:20:01.123456Z`.
  ///
  /// - Parameter digits: 1 to 6.
  package static func text(_ nanoseconds: UInt64, digits: Int = 6) -> String {
    let parts = utc(nanoseconds)
    let date = "\(parts.tm_year + 1900)-\(pad(parts.tm_mon + 1))-\(pad(parts.tm_mday))"
    let clock = "\(pad(parts.tm_hour)):\(pad(parts.tm_min)):\(pad(parts.tm_sec))"
    return "\(date)T\(clock).\(microseconds(nanoseconds).prefix(digits))Z"
  }

  /// The calendar date and time in UTC.
  static func utc(_ nanoseconds: UInt64) -> tm {
    var seconds = time_t(nanoseconds / 1_000_000_000)
    var parts = tm()
    gmtime_r(&seconds, &parts)
    return parts
  }

  /// The six digits after the second.
  static func microseconds(_ nanoseconds: UInt64) -> String { pad(Int32(nanoseconds % 1_000_000_000 / 1000), 6) }

  /// A number padded with leading zeros.
  static func pad(_ value: Int32, _ width: Int = 2) -> String {
    let text = String(value)
    return String(repeating: "0", count: max(0, width - text.count)) + text
  }
}

/// Starts the threads of the engine, its boxes and its clients.
package enum EngineThread {
  /// Runs `body` on a new detached thread with every signal blocked; `name` is truncated to the kernel's 15 bytes
  /// (pthread_setname_np(3)).
  ///
  /// - Returns: the error when the kernel could not create a thread (pthread_create(3)).
  @discardableResult
  package static func start(name: String, _ body: @escaping @Sendable () -> Void) -> Errno? {
    DetachedThread.start(name: name, body)
  }
}

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
    var descriptor = pollfd(fd: wake, events: Int16(POLLIN), revents: 0)
    // Rounded up: waking early would spin until the millisecond is over.
    let milliseconds = due.map { Int32(min(($0 - min(time, $0) + 999_999) / 1_000_000, 3_600_000)) }
    // Without a descriptor the thread cannot be woken for an earlier timer.
    let blind = min(Self.blindSleep, milliseconds ?? Self.blindSleep)
    poll(&descriptor, 1, wake < 0 ? blind : milliseconds ?? -1)
    cexec_event_clear(wake)
  }
}
