import Glibc

/// A part of a stream in memory, read again further on when that is asked for.
struct ByteWindow: ~Copyable {
  /// Reads bytes at an offset; returns how many, or nil when they are gone.
  typealias Fetch = (UInt64, UnsafeMutableRawBufferPointer) -> Int?

  /// The bytes of the stream that exist for the caller.
  let bounds: Range<UInt64>
  /// Whether bytes could not be had: evicted meanwhile, or a failing disk.
  private(set) var failed = false
  private var loaded: Range<UInt64> = 0..<0
  private var buffer = UnsafeMutableRawBufferPointer(start: nil, count: 0)
  private let size: Int
  private let fetch: Fetch

  /// What is read first: a screen of short lines; each later read is twice as long, up to the whole size.
  private static let firstSize = 16 << 10

  /// Bytes that a backward window has behind what was asked for.
  private static let margin: UInt64 = 64

  /// Makes a window that holds up to `size` bytes.
  init(bounds: Range<UInt64>, size: Int, fetch: @escaping Fetch) {
    self.bounds = bounds
    self.size = size
    self.fetch = fetch
  }

  deinit { buffer.deallocate() }

  /// The bytes of `range`, which must lie in ``bounds`` and be no longer than the window; nil when they cannot be had.
  ///
  /// With `backward`, a window that must be read anew ends just behind the range in place of beginning with it.
  mutating func bytes(_ range: Range<UInt64>, backward: Bool = false) -> UnsafeRawBufferPointer? {
    guard range.lowerBound < loaded.lowerBound || range.upperBound > loaded.upperBound else { return part(range) }
    grow(for: range.count)
    let size = UInt64(buffer.count)
    var start = range.lowerBound
    if backward {
      // A few bytes more: without the newline behind it, the line just found would be read alone, and the window be lost.
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
