import CExecShims
import Synchronization

/// Bytes that all connections of a server together may hold of one kind: bodies, answers that wait to be taken, input.
final class Room: Sendable {
  private let size: Int
  private let taken = Mutex(0)

  init(_ size: Int) { self.size = size }

  /// Takes bytes; false when there is no room.
  ///
  /// The first may always, however much it needs, and what needs none always.
  func take(_ count: Int) -> Bool {
    taken.withLock { taken in
      guard count == 0 || taken == 0 || taken + count <= size else { return false }
      taken += count
      return true
    }
  }

  func giveBack(_ count: Int) { taken.withLock { $0 -= count } }
}

/// Memory that was let go of, until there is enough of it to be worth handing back.
///
/// The C library keeps what is freed amid other allocations: of 305 MiB for 60 large boxes it kept 225.
final class FreedMemory: Sendable {
  private let bytes = Mutex(0)
  /// Handing back looks through the whole heap.
  private static let worthwhile = 1 << 20

  /// Notes that so many bytes were freed, and hands memory back when it is much; it may take some milliseconds then.
  func add(_ count: Int) {
    let isWorthwhile = bytes.withLock { bytes in
      bytes += count
      guard bytes >= Self.worthwhile else { return false }
      bytes = 0
      return true
    }
    if isWorthwhile { cexec_release_memory() }
  }
}
