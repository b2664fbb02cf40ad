import DequeModule
import ExecModel

/// What a client proved to have read: it answers a ping only after everything before it.
///
/// A WebSocket client must send a ping's payload back (RFC 6455, section 5.5.3), so numbered pings between output frames
/// are acknowledgements that every client gives without knowing.
struct Acknowledgements {
  private var asked: Deque<(number: UInt64, sent: StreamCounts)> = []
  private var count: UInt64 = 0
  /// Bytes that the client has read for sure.
  private(set) var confirmed: StreamCounts

  /// Pings that may be under way at the same time.
  private static let limit = 64

  init(from start: StreamCounts) { confirmed = start }

  /// Whether a ping now would tell something new.
  func isUseful(at sent: StreamCounts) -> Bool {
    sent != (asked.last?.sent ?? confirmed) && asked.count < Self.limit
  }

  /// The payload of a ping that asks for everything sent up to now.
  mutating func ask(at sent: StreamCounts) -> UInt64 {
    count &+= 1
    asked.append((count, sent))
    return count
  }

  /// Takes a pong's payload; false when it answers nothing that was asked.
  mutating func answer(_ number: UInt64) -> Bool {
    guard let index = asked.firstIndex(where: { $0.number == number }) else { return false }
    confirmed = asked[index].sent
    asked.removeFirst(index + 1)
    return true
  }
}
