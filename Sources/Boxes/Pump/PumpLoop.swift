import CExecShims
import Glibc
import Synchronization
import SystemPackage

/// One epoll set and what its one thread does.
final class PumpLoop: Sendable {
  private struct Shared {
    var table = SourceTable()
    var inbox: [any PumpSource] = []
    var isWaiting = false
    var isStopped = false
  }

  private enum Limit {
    /// One read's size: with pipes of 1 MiB, 256 KiB reads are as fast as it gets.
    static let buffer = 256 << 10
    /// What one source may read in a turn when nobody else has an event.
    static let alone = 1 << 20
    static let events = 32
  }

  private static let wakeToken: UInt64 = 0

  private let epoll: Int32
  private let wake: Int32
  private let shared = Mutex(Shared())

  /// Makes the epoll set; ``run()`` is for a thread of its own.
  init() throws(Errno) {
    epoll = epoll_create1(Int32(EPOLL_CLOEXEC))
    guard epoll >= 0 else { throw Errno(rawValue: errno) }
    wake = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
    guard wake >= 0 else {
      let error = Errno(rawValue: errno)
      close(epoll)
      throw error
    }
    try watch(wake, events: EPOLLIN.rawValue, token: Self.wakeToken)
  }

  deinit {
    close(wake)
    close(epoll)
  }

  /// Gives a source its token.
  func insert(_ source: any PumpSource) -> UInt64 { shared.withLock { $0.table.insert(source) } }

  /// Forgets a source; its descriptor must be unwatched already.
  func remove(_ token: UInt64) { shared.withLock { $0.table.remove(token) } }

  /// Starts to report a descriptor's events to the source behind `token`.
  func watch(_ descriptor: Int32, events: UInt32, token: UInt64) throws(Errno) {
    try control(EPOLL_CTL_ADD, descriptor, events: events, token: token)
  }

  /// Reports a descriptor again that was watched for one event.
  func rearm(_ descriptor: Int32, events: UInt32, token: UInt64) throws(Errno) {
    try control(EPOLL_CTL_MOD, descriptor, events: events, token: token)
  }

  /// Stops reporting a descriptor.
  ///
  /// Needed before `close`: a child between fork and exec holds a copy, which would keep the events coming.
  func unwatch(_ descriptor: Int32) { try? control(EPOLL_CTL_DEL, descriptor, events: 0, token: 0) }

  private func control(_ operation: Int32, _ descriptor: Int32, events: UInt32, token: UInt64) throws(Errno) {
    var event = epoll_event()
    event.events = events
    event.data.u64 = token
    guard epoll_ctl(epoll, operation, descriptor, &event) == 0 else { throw Errno(rawValue: errno) }
  }

  /// Gives a source a turn on the loop's thread, soon; false when the loop was stopped.
  @discardableResult
  func post(_ source: any PumpSource) -> Bool {
    signalWhenWaiting { shared in
      if !shared.isStopped { shared.inbox.append(source) }
      return !shared.isStopped
    }
  }

  /// Lets ``run()`` return after its current batch.
  func stop() {
    signalWhenWaiting { $0.isStopped = true }
  }

  private func signalWhenWaiting<Result: Sendable>(_ change: (inout Shared) -> Result) -> Result {
    let (result, mustWake) = shared.withLock { shared in
      defer { shared.isWaiting = false }
      return (change(&shared), shared.isWaiting)
    }
    if mustWake { eventfd_write(wake, 1) }
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
    while let posted = takeInbox() {
      for source in posted { source.turn(PumpTurn(buffer: buffer, budget: Limit.buffer, events: 0)) }
      let count = epoll_wait(epoll, ready.baseAddress, Int32(Limit.events), posted.isEmpty ? -1 : 0)
      guard count >= 0 || errno == EINTR else { return }
      dispatch(ready.prefix(Int(max(count, 0))), buffer)
    }
  }

  private func takeInbox() -> [any PumpSource]? {
    shared.withLock { shared in
      guard !shared.isStopped || !shared.inbox.isEmpty else { return nil }
      let posted = shared.inbox
      if !posted.isEmpty { shared.inbox = [] }
      shared.isWaiting = posted.isEmpty
      return posted
    }
  }

  private func dispatch(
    _ ready: Slice<UnsafeMutableBufferPointer<epoll_event>>, _ buffer: UnsafeMutableRawBufferPointer
  ) {
    let budget = ready.count > 1 ? Limit.buffer : Limit.alone
    for event in ready {
      guard event.data.u64 != Self.wakeToken else {
        clearWake()
        continue
      }
      let source = shared.withLock { shared in
        shared.isWaiting = false
        return shared.table[event.data.u64]
      }
      source?.turn(PumpTurn(buffer: buffer, budget: budget, events: event.events))
    }
  }

  private func clearWake() {
    var count: eventfd_t = 0
    eventfd_read(wake, &count)
  }
}
