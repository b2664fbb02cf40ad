/// Some places of a stream whose line number is known, never more than ``capacity``: when they are full, every second
/// one goes and the distance doubles.
struct LineIndex: Sendable {
  /// A place: so many newlines stand before the offset.
  struct Checkpoint: Hashable, Sendable {
    var offset: UInt64
    var lines: UInt64
  }

  /// The most checkpoints that are kept.
  static let capacity = 4096

  private(set) var checkpoints = [Checkpoint(offset: 0, lines: 0)]
  private(set) var stride: UInt64 = 64 << 10

  /// Notes a place behind all others.
  mutating func note(_ offset: UInt64, lines: UInt64) {
    guard let last = checkpoints.last, offset >= last.offset, offset - last.offset >= stride else { return }
    if checkpoints.count == Self.capacity { thin() }
    checkpoints.append(Checkpoint(offset: offset, lines: lines))
  }

  private mutating func thin() {
    checkpoints = Swift.stride(from: 0, to: checkpoints.count, by: 2).map { checkpoints[$0] }
    stride *= 2
  }

  /// The last checkpoint at or before `offset`, and the first one behind it.
  func around(offset: UInt64) -> (before: Checkpoint, after: Checkpoint?) { pair { $0.offset > offset } }

  /// The last checkpoint with fewer newlines than `line` before it, and the next one.
  func around(line: UInt64) -> (before: Checkpoint, after: Checkpoint?) { pair { $0.lines >= line } }

  private func pair(_ isAfter: (Checkpoint) -> Bool) -> (before: Checkpoint, after: Checkpoint?) {
    var low = 0
    var high = checkpoints.count
    while low < high {
      let middle = (low + high) / 2
      if isAfter(checkpoints[middle]) { high = middle } else { low = middle + 1 }
    }
    let before = low > 0 ? checkpoints[low - 1] : Checkpoint(offset: 0, lines: 0)
    return (before, low < checkpoints.count ? checkpoints[low] : nil)
  }
}
