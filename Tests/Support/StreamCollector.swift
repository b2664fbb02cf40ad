public import ExecModel
public import Journal

/// Puts together what a subscriber reads of one stream.
public struct StreamCollector: Sendable {
  /// Everything so far.
  public private(set) var bytes: [UInt8] = []
  /// Whether a range came that did not follow the one before.
  public private(set) var hasGap = false
  private let stream: ExecStream
  private var position: UInt64

  /// Starts at an offset.
  public init(_ stream: ExecStream, from position: UInt64 = 0) {
    self.stream = stream
    self.position = position
  }

  /// Reads the bytes that an event tells of.
  public mutating func take(_ event: RecordedEvent, _ journal: JournalReader) throws {
    guard case .output(stream, let range, _, _) = event.event else { return }
    if range.lowerBound != position { hasGap = true }
    position = range.upperBound
    var offset = range.lowerBound
    while offset < range.upperBound {
      var chunk = [UInt8](repeating: 0, count: Int(range.upperBound - offset))
      switch try chunk.withUnsafeMutableBytes({ try journal.read(stream, at: offset, into: $0) }) {
      case .bytes(let count) where count > 0:
        bytes += chunk[..<count]
        offset += UInt64(count)
      case .bytes, .evicted:
        hasGap = true
        return
      }
    }
  }
}
