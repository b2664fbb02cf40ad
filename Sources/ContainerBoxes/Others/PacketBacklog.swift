import ExecModel

/// Packets of conmon's that wait for the sink, in order.
struct PacketBacklog: Sendable {
  /// More than that never waits: the watching is given up instead of growing, or of making the command wait.
  static let most = 64 << 20

  private var packets: [(stream: ExecStream, bytes: ArraySlice<UInt8>)] = []
  private var begin = 0
  private var size = 0

  /// Adds a packet: a byte that names the stream, and the bytes; false when it would be too much.
  ///
  /// A packet of another kind holds no output.
  mutating func add(_ packet: ArraySlice<UInt8>, hasTerminal: Bool) -> Bool {
    guard let kind = packet.first, packet.count > 1 else { return true }
    let streams: [UInt8: ExecStream] = hasTerminal ? [2: .stdout, 3: .stdout] : [2: .stdout, 3: .stderr]
    guard let stream = streams[kind] else { return true }
    guard size + packet.count - 1 <= Self.most else { return false }
    size += packet.count - 1
    packets.append((stream, ArraySlice(Array(packet.dropFirst()))))
    return true
  }

  /// What is to be offered next.
  var first: (stream: ExecStream, bytes: ArraySlice<UInt8>)? { begin < packets.count ? packets[begin] : nil }

  /// Takes bytes of the first away.
  mutating func drop(_ count: Int) {
    guard begin < packets.count else { return }
    size -= count
    packets[begin].bytes = packets[begin].bytes.dropFirst(count)
    guard packets[begin].bytes.isEmpty else { return }
    packets[begin].bytes = []
    begin += 1
    if begin == packets.count || begin > 1024 {
      packets.removeFirst(begin)
      begin = 0
    }
  }
}
