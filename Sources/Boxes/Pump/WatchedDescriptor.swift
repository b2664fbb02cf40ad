import Glibc
import SystemPackage

/// A source's descriptor and its place in a loop; guarded by the source's lock.
struct WatchedDescriptor {
  /// The number; -1 when it was closed.
  private(set) var raw: Int32
  private let loop: PumpLoop
  private var token: UInt64 = 0
  private var isWatched = false

  /// Takes over a non-blocking descriptor.
  init(_ raw: Int32, loop: PumpLoop) {
    self.raw = raw
    self.loop = loop
  }

  /// Whether it was not closed.
  var isOpen: Bool { raw >= 0 }

  /// Makes its source known to the loop.
  mutating func register(_ source: any PumpSource) { token = loop.insert(source) }

  /// Has the loop report events, until ``unwatch()``.
  mutating func watch(_ events: UInt32) throws(Errno) {
    guard !isWatched else { return }
    try loop.watch(raw, events: events, token: token)
    isWatched = true
  }

  /// Stops the reports.
  mutating func unwatch() {
    guard isWatched else { return }
    loop.unwatch(raw)
    isWatched = false
  }

  /// Closes it and forgets the source; more than once does nothing.
  mutating func close() {
    guard isOpen else { return }
    unwatch()
    Glibc.close(raw)
    raw = -1
    loop.remove(token)
  }
}
