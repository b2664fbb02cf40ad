import Glibc

/// A part of a stream in memory, replaced by another part on demand.
struct ByteWindow: ~Copyable {
  /// Reads bytes at an offset; returns their number, or nil when they are not available.
  typealias Fetch = (UInt64, UnsafeMutableRawBufferPointer) -> Int?

  /// The bytes of the stream that the caller may read.
  let bounds: Range<UInt64>
  /// Whether a read failed: the bytes were evicted meanwhile, or the disk failed.
  private(set) var failed = false
  private var loaded: Range<UInt64> = 0..<0
  private var buffer = UnsafeMutableRawBufferPointer(start: nil, count: 0)
  private let size: Int
  private let fetch: Fetch

  /// The size of the first read: a screen of short lines; each later read is twice as long, up to the full size.
  private static let firstSize = 16 << 10

  /// Bytes that a backward window holds after the requested range.
  private static let margin: UInt64 = 64

  /// Makes a window that holds up to `size` bytes.
  init(bounds: Range<UInt64>, size: Int, fetch: @escaping Fetch) {
    self.bounds = bounds
    self.size = size
    self.fetch = fetch
  }

  deinit { buffer.deallocate() }

  /// The bytes of `range`, which must lie in ``bounds`` and be no longer than the window; nil when they are not
  /// available.
  ///
  /// With `backward`, a window that must be read again ends just after the range instead of beginning with it.
  mutating func bytes(_ range: Range<UInt64>, backward: Bool = false) -> UnsafeRawBufferPointer? {
    guard range.lowerBound < loaded.lowerBound || range.upperBound > loaded.upperBound else { return part(range) }
    grow(for: range.count)
    let size = UInt64(buffer.count)
    var start = range.lowerBound
    if backward {
      // A few bytes more: without the newline after it, the line just found would be read again alone, and the window
      // be lost.
      let end = min(bounds.upperBound, range.upperBound &+ min(Self.margin, size - UInt64(range.count)))
      start = end - min(end - bounds.lowerBound, size)
    }
    let end = min(bounds.upperBound, start &+ size)
    guard range.upperBound <= end, start <= range.lowerBound, end > start else { return fail() }
    let target = UnsafeMutableRawBufferPointer(rebasing: buffer[..<Int(end - start)])
    guard fetch(start, target) == target.count else { return fail() }
    loaded = start..<end
    return part(range)
  }

  private mutating func grow(for count: Int) {
    let wish = min(size, max(Self.firstSize, 2 * buffer.count, count))
    guard wish > buffer.count else { return }
    loaded = 0..<0
    buffer.deallocate()
    buffer = .allocate(byteCount: wish, alignment: 64)
  }

  private mutating func fail() -> UnsafeRawBufferPointer? {
    failed = true
    return nil
  }

  private func part(_ range: Range<UInt64>) -> UnsafeRawBufferPointer {
    let start = Int(range.lowerBound - loaded.lowerBound)
    return UnsafeRawBufferPointer(rebasing: buffer[start..<(start + Int(range.upperBound - range.lowerBound))])
  }
}
