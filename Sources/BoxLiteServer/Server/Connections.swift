import NIOCore
import Synchronization

/// The open connections of one listener: those that have shown who they are, and strangers, each kind bounded on its own.
///
/// A stranger that comes when there is no room takes the place of the oldest one of the addresses that have most: a client
/// with a key shows it at once, and one that only holds connections open loses them.
final class Connections: Sendable {
  private struct Stranger {
    let number: UInt64
    let origin: UInt64
    let channel: any Channel
    let since = NIODeadline.now()
  }

  private struct State {
    var numbers: UInt64 = 0
    var known = 0
    /// In the order of their coming.
    var strangers: [Stranger] = []
    /// How many of them each origin has.
    var origins: [UInt64: Int] = [:]

    mutating func remove(at index: Int) -> Stranger {
      let stranger = strangers.remove(at: index)
      let rest = (origins[stranger.origin] ?? 1) - 1
      origins[stranger.origin] = rest > 0 ? rest : nil
      return stranger
    }
  }

  private let limits: ServerLimits
  private let state = Mutex(State())

  /// A thousand clients may come at once, each about to show its key: so young a stranger is left alone.
  private static let grace = TimeAmount.seconds(3)
  /// Up to so many times the limits; beyond that it is a flood.
  private static let burst = 8

  init(_ limits: ServerLimits) { self.limits = limits }

  /// Takes in a connection that has not shown who it is, and returns its number.
  func enter(_ channel: any Channel) -> UInt64 {
    let origin = Self.origin(of: channel.remoteAddress?.bytes ?? [])
    let (number, displaced) = state.withLock { state in
      state.numbers += 1
      state.strangers.append(Stranger(number: state.numbers, origin: origin, channel: channel))
      state.origins[origin, default: 0] += 1
      return (state.numbers, displace(&state, for: origin))
    }
    // Outside the lock: closing comes back here.
    for stranger in displaced { Hatch.close(stranger.channel) }
    return number
  }

  private func displace(_ state: inout State, for origin: UInt64) -> [Stranger] {
    var displaced: [Stranger] = []
    while let index = superfluous(state, for: origin) { displaced.append(state.remove(at: index)) }
    return displaced
  }

  /// The stranger to go next: of the newcomer's address when that has too many, else of the one that has most.
  private func superfluous(_ state: State, for origin: UInt64) -> Int? {
    let (all, own) = (state.strangers.count, state.origins[origin] ?? 0)
    guard all > limits.strangers || own > limits.strangersOfAnAddress else { return nil }
    let most = state.origins.values.max()
    let index = state.strangers.firstIndex {
      own > limits.strangersOfAnAddress ? $0.origin == origin : state.origins[$0.origin] == most
    }
    let isFlood = all > limits.strangers * Self.burst || own > limits.strangersOfAnAddress * Self.burst
    return index.flatMap { index in
      isFlood || NIODeadline.now() - state.strangers[index].since > Self.grace ? index : nil
    }
  }

  /// Notes that a connection has shown who it is, and returns how many have with it; nil when it has lost its place.
  func admit(_ number: UInt64) -> Int? {
    state.withLock { state in
      // From the end: it has just come.
      guard let index = state.strangers.lastIndex(where: { $0.number == number }) else { return nil }
      _ = state.remove(at: index)
      state.known += 1
      return state.known
    }
  }

  /// Notes that a connection is over.
  func leave(_ number: UInt64, wasKnown: Bool) {
    state.withLock { state in
      if wasKnown {
        state.known -= 1
      } else if let index = state.strangers.lastIndex(where: { $0.number == number }) {
        _ = state.remove(at: index)
      }
    }
  }

  /// The prefix of IPv4 addresses as a socket for both families shows them (RFC 4291, section 2.5.5.2).
  private static let mapped: [UInt8] = [UInt8](repeating: 0, count: 10) + [0xFF, 0xFF]

  /// Where a connection with this number of a host comes from: its IPv4 address; of IPv6 the network of 64 bits, which one machine may have for itself.
  static func origin(of bytes: [UInt8]) -> UInt64 {
    let network = bytes.count == 16 && bytes.starts(with: mapped) ? bytes.suffix(4) : bytes.prefix(8)
    return network.reduce(0) { $0 << 8 | UInt64($1) }
  }
}
