import NIOCore
import Synchronization

/// The open connections of one listener: those that have shown who they are, and strangers, each kind bounded on its own.
///
/// A stranger that comes when there is no room takes the place of the oldest one: whoever has a key shows it at once, and
/// who only holds connections open loses them.
final class Connections: Sendable {
  private struct Stranger {
    let number: UInt64
    let origin: ArraySlice<UInt8>
    let channel: any Channel
  }

  private struct State {
    var numbers: UInt64 = 0
    var known = 0
    var strangers: [Stranger] = []
  }

  private let limits: ServerLimits
  private let state = Mutex(State())

  init(_ limits: ServerLimits) { self.limits = limits }

  /// How many there are now.
  var counts: (known: Int, strangers: Int) { state.withLock { ($0.known, $0.strangers.count) } }

  /// Takes in a connection that nobody knows yet, and returns its number.
  func enter(_ channel: any Channel) -> UInt64 {
    let origin = Self.origin(of: channel.remoteAddress)
    let (number, displaced) = state.withLock { state in
      state.numbers += 1
      state.strangers.append(Stranger(number: state.numbers, origin: origin, channel: channel))
      return (state.numbers, displace(&state, by: origin))
    }
    // Outside the lock: closing comes back here.
    if let displaced { Hatch.close(displaced.channel) }
    return number
  }

  private func displace(_ state: inout State, by origin: ArraySlice<UInt8>) -> Stranger? {
    let isCrowded = state.strangers.count { $0.origin == origin } > limits.strangersOfAnAddress
    guard isCrowded || state.strangers.count > limits.strangers else { return nil }
    let oldest = state.strangers.firstIndex { !isCrowded || $0.origin == origin }
    return oldest.map { state.strangers.remove(at: $0) }
  }

  /// Notes that a connection has shown who it is, and returns how many have with it; nil when it has lost its place.
  func admit(_ number: UInt64) -> Int? {
    state.withLock { state in
      guard let index = state.strangers.firstIndex(where: { $0.number == number }) else { return nil }
      state.strangers.remove(at: index)
      state.known += 1
      return state.known
    }
  }

  /// Notes that a connection is over.
  func leave(_ number: UInt64, wasKnown: Bool) {
    state.withLock { state in
      if wasKnown { state.known -= 1 } else { state.strangers.removeAll { $0.number == number } }
    }
  }

  /// Where a connection comes from; of IPv6 the network of 64 bits, which one machine may have for itself.
  static func origin(of address: SocketAddress?) -> ArraySlice<UInt8> {
    address?.bytes?.prefix(8) ?? []
  }
}
