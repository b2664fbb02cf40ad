import BoxLiteWire
import CExecShims
import NIOCore
import NIOHTTP1
import Synchronization

/// A limit on the bytes of one kind that all connections of a server may hold: bodies, pending
/// answers, input.
final class Room: Sendable {
  private let size: Int
  private let taken = Mutex(0)

  init(_ size: Int) { self.size = size }

  /// Takes bytes; false when there is no room.
  ///
  /// The first taker always succeeds, whatever the size, and taking 0 bytes always succeeds.
  func take(_ count: Int) -> Bool {
    taken.withLock { taken in
      guard count == 0 || taken == 0 || taken + count <= size else { return false }
      taken += count
      return true
    }
  }

  func giveBack(_ count: Int) { taken.withLock { $0 -= count } }
}

/// Counts freed memory until there is enough to return to the system.
///
/// The C library keeps memory that is freed between other allocations: of 305 MiB for 60 large
/// boxes it kept 225.
final class FreedMemory: Sendable {
  private let bytes = Mutex(0)
  /// The minimum to return: returning memory searches the whole heap.
  private static let worthwhile = 1 << 20

  /// Counts freed bytes, and returns memory when there is enough; this may take some milliseconds.
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

/// Decides which requests a server answers: those with its key, or without a key those that name
/// this server.
///
/// Without a key, requests of clients that ``PeerCheck`` accepts are answered, but not those of a
/// page in such a client's browser, which also reaches loopback. A page's request carries an
/// `Origin` when it is cross-origin (RFC 6454, section 7.3), and another host name when the page's
/// name was made to resolve to us (DNS rebinding); no BoxLite client sends either.
struct Admission: Sendable {
  private let key: AccessKey?
  /// The server's names; nil when any name is accepted.
  private let names: ServerNames?
  private let demand: String

  /// - Parameter demand: the error message for a client without the key.
  init(key: String?, at address: ListenAddress, demand: String = standardDemand) {
    self.key = key.map(AccessKey.init)
    self.demand = demand
    names = key == nil ? ServerNames(address) : nil
  }

  static let standardDemand = "this server requires a key: send Authorization: Bearer KEY"

  /// Why a request with these headers is refused; nil when it is answered.
  ///
  /// - Parameter isOpen: whether the route needs no key.
  func refusal(of headers: HTTPHeaders, isOpen: Bool = false) -> ErrorReply? {
    if let key {
      return isOpen || key.accepts(headers.first(name: "authorization"))
        ? nil : ErrorReply(.unauthenticated, demand)
    }
    if let words = names?.objection(to: headers[canonicalForm: "host"].map(String.init)) {
      return ErrorReply(.permissionDenied, words)
    }
    return !isOpen && headers.contains(name: "origin")
      ? ErrorReply(
        .permissionDenied, "a server without a key refuses web pages: the request has an Origin header")
      : nil
  }
}

/// The open connections of one listener: authenticated ones and strangers, each kind with its own
/// limit.
///
/// When there is no room, a new stranger replaces the oldest stranger of the address that has most:
/// a client with a key presents it at once, and one that only holds connections open loses them.
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
    /// The strangers, in the order of arrival.
    var strangers: [Stranger] = []
    /// The number of strangers of each origin.
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

  /// A thousand clients may connect at once, each about to present its key: strangers this young
  /// are not replaced.
  private static let grace = TimeAmount.seconds(3)
  /// The maximum as a multiple of the limits; more is treated as a flood.
  private static let burst = 8

  init(_ limits: ServerLimits) { self.limits = limits }

  /// Adds an unauthenticated connection and returns its number.
  func enter(_ channel: any Channel) -> UInt64 {
    let origin = Self.origin(of: channel.remoteAddress?.bytes ?? [])
    let (number, displaced) = state.withLock { state in
      state.numbers += 1
      state.strangers.append(Stranger(number: state.numbers, origin: origin, channel: channel))
      state.origins[origin, default: 0] += 1
      return (state.numbers, displace(&state, for: origin))
    }
    // Outside the lock: closing calls back into this object.
    for stranger in displaced { Hatch.close(stranger.channel) }
    return number
  }

  private func displace(_ state: inout State, for origin: UInt64) -> [Stranger] {
    var displaced: [Stranger] = []
    while let index = superfluous(state, for: origin) { displaced.append(state.remove(at: index)) }
    return displaced
  }

  /// The stranger to replace: one of the newcomer's address when that has too many, otherwise one
  /// of the address that has most.
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

  /// Records that a connection is authenticated and returns the number of those; nil when it was
  /// replaced.
  func admit(_ number: UInt64) -> Int? {
    state.withLock { state in
      // From the end: it has just arrived.
      guard let index = state.strangers.lastIndex(where: { $0.number == number }) else { return nil }
      _ = state.remove(at: index)
      state.known += 1
      return state.known
    }
  }

  /// Records that a connection is over.
  func leave(_ number: UInt64, wasKnown: Bool) {
    state.withLock { state in
      if wasKnown {
        state.known -= 1
      } else if let index = state.strangers.lastIndex(where: { $0.number == number }) {
        _ = state.remove(at: index)
      }
    }
  }

  /// The prefix of IPv4 addresses on a dual-stack socket (RFC 4291, section 2.5.5.2).
  private static let mapped: [UInt8] = [UInt8](repeating: 0, count: 10) + [0xFF, 0xFF]

  /// The origin of a connection from a host's address: its IPv4 address, or the IPv6 /64 network,
  /// which one machine may own.
  static func origin(of bytes: [UInt8]) -> UInt64 {
    let network = bytes.count == 16 && bytes.starts(with: mapped) ? bytes.suffix(4) : bytes.prefix(8)
    return network.reduce(0) { $0 << 8 | UInt64($1) }
  }
}
