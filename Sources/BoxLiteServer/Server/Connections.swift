import BoxLiteWire
import CExecShims
import NIOCore
import NIOHTTP1
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

/// Which requests a server answers: those that show its key; without a key, those that name this very server.
///
/// Without a key those are answered whom ``PeerCheck`` lets in, but no page in a browser of theirs: it reaches loopback
/// too. It says where it comes from when it asks another origin (RFC 6454, section 7.3), and by which name when
/// its own name was made to lead here (DNS rebinding); no BoxLite client does either.
struct Admission: Sendable {
  private let key: AccessKey?
  /// The names the server goes by; nil where any will do.
  private let names: ServerNames?
  private let demand: String

  /// - Parameter demand: the refusal's words for a client that does not show the key.
  init(key: String?, at address: ListenAddress, demand: String = standardDemand) {
    self.key = key.map(AccessKey.init)
    self.demand = demand
    names = key == nil ? ServerNames(address) : nil
  }

  static let standardDemand = "this server needs its key: Authorization: Bearer KEY"

  /// Why a request with these headers is not answered; nil when it is.
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
        .permissionDenied, "a server without a key answers no pages of browsers: it was asked with an Origin")
      : nil
  }
}

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
