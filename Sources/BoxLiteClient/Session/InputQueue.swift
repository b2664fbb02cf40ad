import ExecEngine
import NIOCore

/// Bytes that wait to be sent to a command, in order; survives cuts.
struct InputQueue {
  /// Bytes of one frame.
  static let frame = 65_536

  private struct Item {
    var bytes: ArraySlice<UInt8>
    let completion: @Sendable (InputError?) -> Void
  }

  private var items = CircularBuffer<Item>()
  /// Whether the input ends after what is queued.
  private(set) var isClosed = false

  var isEmpty: Bool { items.isEmpty }

  /// Adds bytes; false when the input was closed.
  mutating func add(_ bytes: [UInt8], _ completion: @escaping @Sendable (InputError?) -> Void) -> Bool {
    guard !isClosed else { return false }
    items.append(Item(bytes: bytes[...], completion: completion))
    return true
  }

  mutating func close() { isClosed = true }

  /// The next frame's bytes; they stay until ``sent(_:)``.
  var next: [UInt8]? { items.first.map { Array($0.bytes.prefix(Self.frame)) } }

  /// Notes that so many bytes were sent; returns what is to be called when that was the last of a write.
  mutating func sent(_ count: Int) -> (@Sendable (InputError?) -> Void)? {
    guard let first = items.first else { return nil }
    items[items.startIndex].bytes = first.bytes.dropFirst(count)
    guard items[items.startIndex].bytes.isEmpty else { return nil }
    return items.removeFirst().completion
  }

  /// Gives everything up; returns what is to be called.
  mutating func giveUp() -> [@Sendable (InputError?) -> Void] {
    defer { items.removeAll() }
    isClosed = true
    return items.map(\.completion)
  }
}
