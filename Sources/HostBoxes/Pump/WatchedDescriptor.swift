import CExecShims
import Glibc
import Linux
import SystemPackage

/// A source's descriptor and its entry in a loop; guarded by the source's lock.
///
/// Unlike a ``/Linux/Descriptor``, it must leave the epoll set before it is closed: a child between fork and exec holds
/// a copy, for which events would continue.
struct WatchedDescriptor: ~Copyable {
  private var descriptor: Descriptor
  private let loop: PumpLoop
  private var token: UInt64 = 0
  private var place = Place.none

  /// Its entry in the epoll set.
  private enum Place { case none, silent, reporting }

  /// Takes over a non-blocking descriptor.
  init(_ descriptor: consuming Descriptor, loop: PumpLoop) {
    self.descriptor = descriptor
    self.loop = loop
  }

  /// The descriptor; -1 when it was closed.
  var raw: Int32 { descriptor.raw }

  var isOpen: Bool { descriptor.isOpen }

  /// Registers its source with the loop.
  mutating func register(_ source: any PumpSource) { token = loop.insert(source) }

  /// Makes the entry in the epoll set without reports; only this can fail for lack of memory.
  mutating func reserve() throws(Errno) {
    try loop.watch(raw, events: Self.silence, token: token)
    place = .silent
  }

  /// Reports events until ``silence()``.
  mutating func watch(_ events: UInt32) throws(Errno) {
    switch place {
    case .none: try loop.watch(raw, events: events, token: token)
    case .silent: try loop.rearm(raw, events: events, token: token)
    case .reporting: return
    }
    place = .reporting
  }

  /// Stops the reports; the entry is kept, so that watching again cannot fail for lack of memory.
  mutating func silence() {
    guard place == .reporting else { return }
    do throws(Errno) {
      try loop.rearm(raw, events: Self.silence, token: token)
      place = .silent
    } catch { leave() }
  }

  /// No event but a hang-up, which epoll always reports (epoll_ctl(2)); one-shot, or it would be reported continuously.
  private static var silence: UInt32 { EPOLLONESHOT.rawValue }

  private mutating func leave() {
    if place != .none { loop.unwatch(raw) }
    place = .none
  }

  /// Closes it and removes the source; calling it again does nothing.
  mutating func close() {
    guard isOpen else { return }
    leave()
    descriptor.close()
    loop.remove(token)
  }
}
