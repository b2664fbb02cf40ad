import CExecShims
import Glibc
import SystemPackage

/// A descriptor with one owner, closed with it unless ownership was passed on.
struct OwnedDescriptor: ~Copyable {
  let raw: Int32

  /// Takes ownership of a descriptor.
  init(_ raw: Int32) { self.raw = raw }

  deinit { close(raw) }

  /// Passes the ownership on.
  consuming func take() -> Int32 {
    let raw = raw
    discard self
    return raw
  }
}

/// A descriptor that can be stored in a collection, closed with its last reference.
final class OwnedFile: Sendable {
  let raw: Int32

  /// Takes ownership of a descriptor.
  init(_ raw: Int32) { self.raw = raw }

  deinit { close(raw) }
}

/// A source's descriptor and its entry in a loop; guarded by the source's lock.
struct WatchedDescriptor {
  /// The descriptor; -1 when it was closed.
  private(set) var raw: Int32
  private let loop: PumpLoop
  private var token: UInt64 = 0
  private var place = Place.none

  /// Its entry in the epoll set.
  private enum Place { case none, silent, reporting }

  /// Takes ownership of a non-blocking descriptor.
  init(_ raw: Int32, loop: PumpLoop) {
    self.raw = raw
    self.loop = loop
  }

  var isOpen: Bool { raw >= 0 }

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
    Glibc.close(raw)
    raw = -1
    loop.remove(token)
  }
}
