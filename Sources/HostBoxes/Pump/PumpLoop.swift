import CExecShims
import ExecEngine
import Glibc
import Linux
import Synchronization
import SystemPackage

/// The owner of a descriptor, driven by a pump loop.
///
/// Only the loop's thread calls ``turn(_:)``, for an event or after ``PumpLoop/post(_:)``, so turns never overlap.
protocol PumpSource: AnyObject, Sendable {
  /// Does the work that is possible now without blocking.
  func turn(_ turn: PumpTurn)
}

/// What a pump loop provides to a source for one turn.
struct PumpTurn {
  /// The thread's buffer, shared by all sources; its bytes are valid only within the turn.
  let buffer: UnsafeMutableRawBufferPointer
  /// The number of bytes that a source may read before other sources get a turn.
  let budget: Int
  /// The epoll events that caused the turn, 0 for posted work.
  let events: UInt32

  /// Whether the other side is closed, so that further reads reach the end without blocking.
  var isHungUp: Bool { events & EPOLLHUP.rawValue != 0 }
}

/// The sources of one loop, by their epoll tokens.
///
/// A token is never reused, so an event of the same batch cannot reach the successor of a removed source.
struct SourceTable {
  private struct Entry {
    var generation: UInt32
    var source: (any PumpSource)?
  }

  private var entries: [Entry] = []
  private var free: [Int] = []

  /// Adds a source; the token is never 0.
  mutating func insert(_ source: any PumpSource) -> UInt64 {
    let index = free.popLast() ?? entries.count
    if index == entries.count { entries.append(Entry(generation: 0, source: nil)) }
    entries[index].generation &+= 1
    if entries[index].generation == 0 { entries[index].generation = 1 }
    entries[index].source = source
    return UInt64(entries[index].generation) << 32 | UInt64(UInt32(truncatingIfNeeded: index))
  }

  /// Removes a source; an unknown token does nothing.
  mutating func remove(_ token: UInt64) {
    guard let index = index(of: token) else { return }
    entries[index].source = nil
    free.append(index)
  }

  /// The source of a token; nil when it was removed.
  subscript(token: UInt64) -> (any PumpSource)? { index(of: token).flatMap { entries[$0].source } }

  private func index(of token: UInt64) -> Int? {
    let index = Int(token & 0xFFFF_FFFF)
    guard index < entries.count, entries[index].generation == UInt32(token >> 32) else { return nil }
    return entries[index].source == nil ? nil : index
  }
}

/// One epoll set, served by one thread.
final class PumpLoop: Sendable {
  private struct Shared {
    var table = SourceTable()
    var inbox: [any PumpSource] = []
    /// Sources to take a turn at a time of the monotonic clock, the earliest first.
    var later: [(time: UInt64, source: any PumpSource)] = []
    var isWaiting = false
    var isStopped = false
  }

  private enum Limit {
    /// The size of one read: with pipes of 1 MiB, larger reads than 256 KiB are not faster.
    static let buffer = 256 << 10
    /// The bytes that one source may read in a turn when no other source has an event.
    static let alone = 1 << 20
    static let events = 32
    /// Milliseconds until a turn of ``postLater(_:)``.
    static let pause: UInt64 = 20
  }

  private static let wakeToken: UInt64 = 0

  private let epoll: Descriptor
  private let wake: WakeDescriptor
  private let shared = Mutex(Shared())

  /// Makes the epoll set; call ``run()`` on a separate thread.
  init() throws(Errno) {
    epoll = Descriptor(raw: epoll_create1(Int32(EPOLL_CLOEXEC)))
    guard epoll.isOpen else { throw Errno(rawValue: errno) }
    wake = try WakeDescriptor()
    try watch(wake.raw, events: EPOLLIN.rawValue, token: Self.wakeToken)
  }

  /// Adds a source and returns its token.
  func insert(_ source: any PumpSource) -> UInt64 { shared.withLock { $0.table.insert(source) } }

  /// Removes a source; its descriptor must be unwatched already.
  func remove(_ token: UInt64) { shared.withLock { $0.table.remove(token) } }

  /// Starts to report a descriptor's events to the source of `token`.
  func watch(_ descriptor: Int32, events: UInt32, token: UInt64) throws(Errno) {
    try control(EPOLL_CTL_ADD, descriptor, events: events, token: token)
  }

  /// Changes the events of a watched descriptor, and enables one that is disabled after its event.
  func rearm(_ descriptor: Int32, events: UInt32, token: UInt64) throws(Errno) {
    try control(EPOLL_CTL_MOD, descriptor, events: events, token: token)
  }

  /// Stops reporting a descriptor.
  ///
  /// Required before `close`: a child between fork and exec holds a copy, for which events would continue.
  func unwatch(_ descriptor: Int32) { try? control(EPOLL_CTL_DEL, descriptor, events: 0, token: 0) }

  private func control(_ operation: Int32, _ descriptor: Int32, events: UInt32, token: UInt64) throws(Errno) {
    var event = epoll_event()
    event.events = events
    event.data.u64 = token
    guard epoll_ctl(epoll.raw, operation, descriptor, &event) == 0 else { throw Errno(rawValue: errno) }
  }

  /// Schedules a turn of a source on the loop's thread; returns false when the loop was stopped.
  @discardableResult
  func post(_ source: any PumpSource) -> Bool {
    signalWhenWaiting { shared in
      if !shared.isStopped { shared.inbox.append(source) }
      return !shared.isStopped
    }
  }

  /// Gives a source a turn after 20 ms, to check for a change that no event reports.
  func postLater(_ source: any PumpSource) {
    let time = MonotonicClock.now + Limit.pause * 1_000_000
    signalWhenWaiting { $0.later.append((time, source)) }
  }

  /// Makes ``run()`` return after its current batch.
  func stop() {
    signalWhenWaiting { $0.isStopped = true }
  }

  private func signalWhenWaiting<Result: Sendable>(_ change: (inout Shared) -> Result) -> Result {
    let (result, mustWake) = shared.withLock { shared in
      defer { shared.isWaiting = false }
      return (change(&shared), shared.isWaiting)
    }
    if mustWake { wake.wake() }
    return result
  }

  /// Serves the sources until ``stop()``; the body of the loop's thread.
  func run() {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: Limit.buffer, alignment: 4096)
    let ready = UnsafeMutableBufferPointer<epoll_event>.allocate(capacity: Limit.events)
    defer {
      buffer.deallocate()
      ready.deallocate()
    }
    while let (posted, timeout) = takeInbox() {
      for source in posted { source.turn(PumpTurn(buffer: buffer, budget: Limit.buffer, events: 0)) }
      let count = epoll_wait(epoll.raw, ready.baseAddress, Int32(Limit.events), timeout)
      guard count >= 0 || errno == EINTR else { return }
      dispatch(ready.prefix(Int(max(count, 0))), buffer)
    }
  }

  /// The posted sources, and how many milliseconds to wait for an event after their turns; nil when the loop ends.
  private func takeInbox() -> (posted: [any PumpSource], timeout: Int32)? {
    shared.withLock { shared in
      guard !shared.isStopped || !shared.inbox.isEmpty else { return nil }
      let timeout = Self.takeDue(&shared)
      let posted = shared.inbox
      if !posted.isEmpty { shared.inbox = [] }
      shared.isWaiting = posted.isEmpty
      return (posted, posted.isEmpty ? timeout : 0)
    }
  }

  /// Moves to the inbox what is due; returns the milliseconds until the next is, -1 when there is none.
  private static func takeDue(_ shared: inout Shared) -> Int32 {
    guard !shared.later.isEmpty else { return -1 }
    let now = MonotonicClock.now
    let due = shared.later.prefix { $0.time <= now }.map(\.source)
    shared.later.removeFirst(due.count)
    shared.inbox += due
    return shared.later.first.map { Int32(($0.time - now) / 1_000_000 + 1) } ?? -1
  }

  private func dispatch(
    _ ready: Slice<UnsafeMutableBufferPointer<epoll_event>>, _ buffer: UnsafeMutableRawBufferPointer
  ) {
    let budget = ready.count > 1 ? Limit.buffer : Limit.alone
    for event in ready {
      guard event.data.u64 != Self.wakeToken else {
        wake.clear()
        continue
      }
      let source = shared.withLock { shared in
        shared.isWaiting = false
        return shared.table[event.data.u64]
      }
      source?.turn(PumpTurn(buffer: buffer, budget: budget, events: event.events))
    }
  }
}

/// The pump threads shared by all executions, started with the first execution.
///
/// Two by default: one saturates at 4.5 GB/s however many floods it reads, and a thread per execution costs a stack and
/// a wake-up each.
public final class PumpGroup: Sendable {
  private struct State {
    var loops: [PumpLoop] = []
    var next = 0
    var spawner: PumpLoop?
  }

  /// The default group of every box.
  public static let shared = PumpGroup(threads: 2)

  private let threads: Int
  private let state = Mutex(State())

  /// Makes a group of 1 to 64 threads; none runs yet.
  public init(threads: Int) { self.threads = min(max(threads, 1), 64) }

  deinit { stop() }

  /// Ends the threads; running executions are no longer reported, and sandboxes end with the thread that made them.
  public func stop() {
    let loops = state.withLock { state in
      defer { state = State() }
      return state.loops + (state.spawner.map { [$0] } ?? [])
    }
    for loop in loops { loop.stop() }
  }

  /// The loop for the next execution, round robin.
  func nextLoop() throws(Errno) -> PumpLoop {
    try state.withLock { state throws(Errno) in
      // If no further thread can be started, the existing ones are used.
      if state.loops.count < threads {
        do throws(Errno) { state.loops.append(try Self.startLoop()) } catch {
          if state.loops.isEmpty { throw error }
        }
      }
      state.next = (state.next &+ 1) % state.loops.count
      return state.loops[state.next]
    }
  }

  /// The loop whose thread creates processes that must not outlive it; started when first needed.
  func spawnLoop() throws(Errno) -> PumpLoop {
    try state.withLock { state throws(Errno) in
      if let loop = state.spawner { return loop }
      let loop = try Self.startLoop()
      state.spawner = loop
      return loop
    }
  }

  private static func startLoop() throws(Errno) -> PumpLoop {
    let loop = try PumpLoop()
    if let error = DetachedThread.start(name: "boxwatch-pump", { loop.run() }) { throw error }
    return loop
  }
}
