import Glibc
import Linux
import Synchronization

/// Wakes readers that wait for a journal to grow: one thread and one inotify(7) descriptor for all journals of a
/// process.
///
/// The kernel's watch is for one event and is set again by each sleep, so a flood of output costs nothing while its
/// reader is busy. Where the kernel reports nothing (no watch available, a network file system), sleepers are polled.
final class JournalWatch: Sendable {
  /// The watch of this process; its thread is started by the first sleep.
  static let shared = JournalWatch(try? FileWatch())

  /// Identifies a sleeper.
  typealias Key = UInt64

  /// The polling interval of all sleepers, in milliseconds: an event may have been lost or never sent.
  static let slowLook: Int32 = 1000
  /// The polling interval of sleepers without a kernel watch, in milliseconds.
  static let quickLook: Int32 = 20

  private struct Sleeper {
    let journal: JournalReader
    let position: UInt64
    /// When to wake it in any case, on the monotonic clock; nil for never.
    let deadline: UInt64?
    let wake: @Sendable () -> Void
    /// The kernel's watch; nil for a sleeper that must be polled.
    var watch: FileWatch.Number?
  }

  private struct State {
    var sleepers: [Key: Sleeper] = [:]
    var keys: Key = 0
    var isRunning = false
  }

  /// Nil when the kernel has none left.
  private let files: FileWatch?
  /// Nil when no descriptor was left.
  private let bell = try? WakeDescriptor()
  private let state = Mutex(State())

  /// Without the kernel's watch all sleepers are polled.
  init(_ files: FileWatch?) { self.files = files }

  /// A new key for a sleeper.
  func makeKey() -> Key {
    state.withLock { state in
      state.keys += 1
      return state.keys
    }
  }

  /// Calls `wake` once when the journal has a record at or after `position`, when it has no writer any more, or within
  /// a second after the deadline.
  ///
  /// Spurious calls are possible. A record that existed before the call may go unnoticed for a second: check again
  /// afterwards.
  func arm(
    _ key: Key, _ journal: JournalReader, until position: UInt64, by deadline: UInt64? = nil,
    _ wake: @escaping @Sendable () -> Void
  ) {
    let (isFirst, mustRing) = state.withLock { state in
      // Under the lock, so that the event cannot be read before its sleeper is registered.
      let watch = journal.withWatchedPath { path in
        files?.add(path, events: UInt32(IN_MODIFY) | UInt32(IN_CLOSE_WRITE) | UInt32(IN_ONESHOT))
      }
      let wasEmpty = state.sleepers.isEmpty
      state.sleepers[key] = Sleeper(
        journal: journal, position: position, deadline: deadline, wake: wake, watch: watch)
      defer { state.isRunning = true }
      return (!state.isRunning, wasEmpty || watch == nil)
    }
    if isFirst { start() }
    if mustRing { bell?.wake() }
  }

  /// Removes a sleeper without waking it; returns its wake-up, or nil if it is awake already.
  @discardableResult
  func cancel(_ key: Key) -> (@Sendable () -> Void)? {
    state.withLock { state in
      guard let sleeper = state.sleepers.removeValue(forKey: key) else { return nil }
      let isShared = state.sleepers.values.contains { $0.watch == sleeper.watch }
      if let watch = sleeper.watch, !isShared { files?.remove(watch) }
      return sleeper.wake
    }
  }
}

// MARK: - The thread

extension JournalWatch {
  private func start() {
    let failure = DetachedThread.start(name: "boxwatch-watch") { [self] in
      while true { turn() }
    }
    // Without a thread, the next sleep tries again.
    if failure != nil { state.withLock { $0.isRunning = false } }
  }

  private func turn() {
    var entries = [
      pollfd(fd: files?.raw ?? -1, events: Int16(POLLIN), revents: 0),
      pollfd(fd: bell?.raw ?? -1, events: Int16(POLLIN), revents: 0),
    ]
    let count = poll(&entries, 2, patience)
    if entries[1].revents != 0 { bell?.clear() }
    if entries[0].revents != 0 { files?.read(handle) }
    if count == 0 { lookAfter { _ in true } } else { lookAfter { $0.watch == nil } }
  }

  /// The timeout for poll(2).
  private var patience: Int32 {
    state.withLock { state in
      // Without a wake-up descriptor the thread must poll.
      if bell == nil { return Self.quickLook }
      if state.sleepers.isEmpty { return -1 }
      return state.sleepers.values.contains { $0.watch == nil } ? Self.quickLook : Self.slowLook
    }
  }

  /// Wakes the sleepers that an event concerns.
  func handle(_ watch: FileWatch.Number, _ mask: UInt32) {
    if mask & UInt32(IN_Q_OVERFLOW) != 0 { return wake { _ in true } }
    // The kernel reports a close before it releases the lock; a sleeper that is not done then is polled.
    if mask & UInt32(IN_CLOSE_WRITE) != 0 { return leaveToTheClock(watch) }
    // Also when the watch was removed (IN_IGNORED): a sleeper may have joined it just before.
    wake { $0.watch == watch }
  }

  private func leaveToTheClock(_ watch: FileWatch.Number) {
    state.withLock { state in
      for (key, sleeper) in state.sleepers where sleeper.watch == watch { state.sleepers[key]?.watch = nil }
    }
  }

  private func wake(where isMeant: (Sleeper) -> Bool) {
    let woken = state.withLock { state in
      let keys = state.sleepers.filter { isMeant($0.value) }.keys
      return keys.compactMap { state.sleepers.removeValue(forKey: $0)?.wake }
    }
    for wake in woken { wake() }
  }

  /// Wakes those of the chosen sleepers that have something to read or whose deadline is over.
  private func lookAfter(_ isChosen: (Sleeper) -> Bool) {
    let chosen = state.withLock { $0.sleepers.filter { isChosen($0.value) } }
    for (key, sleeper) in chosen {
      let isLate = sleeper.deadline.map { MonotonicClock.now >= $0 } ?? false
      guard
        isLate || sleeper.journal.hasRecord(sleeper.position) || sleeper.journal.isAbandoned(at: sleeper.position)
      else { continue }
      cancel(key)?()
    }
  }
}
