import CExecShims
import Glibc
import SystemPackage

/// A descriptor with one owner: closed when the owner is gone, unless it was handed on.
struct OwnedDescriptor: ~Copyable {
  /// The number.
  let raw: Int32

  /// Takes over a descriptor.
  init(_ raw: Int32) { self.raw = raw }

  deinit { close(raw) }

  /// Hands the descriptor on.
  consuming func take() -> Int32 {
    let raw = raw
    discard self
    return raw
  }
}

/// A descriptor that can be kept in a list, closed with its last owner.
final class OwnedFile: Sendable {
  let raw: Int32

  /// Takes over a descriptor.
  init(_ raw: Int32) { self.raw = raw }

  deinit { close(raw) }
}

/// A source's descriptor and its place in a loop; guarded by the source's lock.
struct WatchedDescriptor {
  /// The number; -1 when it was closed.
  private(set) var raw: Int32
  private let loop: PumpLoop
  private var token: UInt64 = 0
  private var place = Place.none

  /// Its place in the epoll set.
  private enum Place { case none, silent, reporting }

  /// Takes over a non-blocking descriptor.
  init(_ raw: Int32, loop: PumpLoop) {
    self.raw = raw
    self.loop = loop
  }

  /// Whether it was not closed.
  var isOpen: Bool { raw >= 0 }

  /// Makes its source known to the loop.
  mutating func register(_ source: any PumpSource) { token = loop.insert(source) }

  /// Takes the place in the epoll set, without reports yet: only this can be refused for want of memory.
  mutating func reserve() throws(Errno) {
    try loop.watch(raw, events: Self.silence, token: token)
    place = .silent
  }

  /// Has the loop report events, until ``silence()``.
  mutating func watch(_ events: UInt32) throws(Errno) {
    switch place {
    case .none: try loop.watch(raw, events: events, token: token)
    case .silent: try loop.rearm(raw, events: events, token: token)
    case .reporting: return
    }
    place = .reporting
  }

  /// Stops the reports; the place is kept, so that none has to be found later.
  mutating func silence() {
    guard place == .reporting else { return }
    do throws(Errno) {
      try loop.rearm(raw, events: Self.silence, token: token)
      place = .silent
    } catch { leave() }
  }

  /// No event but a hang-up, which epoll reports in any case (epoll_ctl(2)); so only once, or it would come for ever.
  private static var silence: UInt32 { EPOLLONESHOT.rawValue }

  private mutating func leave() {
    if place != .none { loop.unwatch(raw) }
    place = .none
  }

  /// Closes it and forgets the source; more than once does nothing.
  mutating func close() {
    guard isOpen else { return }
    leave()
    Glibc.close(raw)
    raw = -1
    loop.remove(token)
  }
}
