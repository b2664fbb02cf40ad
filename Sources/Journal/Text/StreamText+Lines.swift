import CExecShims
import ExecModel

extension StreamText {
  private static let stepSize = 256 << 10

  /// Newlines before `offset`; an evicted offset counts as the first kept one.
  public func lineNumber(at offset: UInt64) -> UInt64 {
    let head = reader.heads()[stream]
    let place = max(offset, head)
    let (before, after) = around(offset: place)
    let canCountUp = before.offset >= head
    if let after, !canCountUp || after.offset - place < place - before.offset {
      return after.lines - min(after.lines, newlines(in: place..<after.offset))
    }
    return before.lines &+ newlines(in: max(head, before.offset)..<place)
  }

  /// Where line number `line` begins.
  public func offset(ofLine line: UInt64, limit: UInt64) -> UInt64 {
    let bounds = retained(limit: limit)
    let known = before(line: line)
    var start = min(max(known.offset, bounds.lowerBound), bounds.upperBound)
    let lines = start == known.offset ? known.lines : lineNumber(at: start)
    guard lines < line else { return start }
    var missing = line - lines
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.stepSize, alignment: 64)
    defer { buffer.deallocate() }
    while start < bounds.upperBound {
      guard let bytes = bytes(from: start, to: bounds.upperBound, buffer) else { break }
      let count = cexec_count_newlines(bytes.baseAddress, bytes.count)
      if count >= missing { return start + Self.place(behindNewline: missing, in: bytes) }
      missing -= count
      start += UInt64(bytes.count)
    }
    return bounds.upperBound
  }

  /// Counts the newlines of a range; of what can be read, when some of it cannot.
  private func newlines(in range: Range<UInt64>) -> UInt64 {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.stepSize, alignment: 64)
    defer { buffer.deallocate() }
    var count: UInt64 = 0
    var start = range.lowerBound
    while start < range.upperBound, let bytes = bytes(from: start, to: range.upperBound, buffer) {
      count += cexec_count_newlines(bytes.baseAddress, bytes.count)
      start += UInt64(bytes.count)
    }
    return count
  }

  /// The next bytes of a range, as many as the buffer holds; nil when there are none.
  private func bytes(
    from start: UInt64, to end: UInt64, _ buffer: UnsafeMutableRawBufferPointer
  ) -> UnsafeRawBufferPointer? {
    let size = Int(clamping: min(UInt64(buffer.count), end - start))
    let target = UnsafeMutableRawBufferPointer(rebasing: buffer[..<size])
    guard let count = fetch(at: start, into: target), count > 0 else { return nil }
    return UnsafeRawBufferPointer(rebasing: target[..<count])
  }

  /// How many bytes there are up to the end of newline number `number`, counted from 1.
  private static func place(behindNewline number: UInt64, in bytes: UnsafeRawBufferPointer) -> UInt64 {
    var start = 0
    for _ in 0..<number {
      let rest = UnsafeRawBufferPointer(rebasing: bytes[start...])
      let found = cexec_first_newline(rest.baseAddress, rest.count)
      guard found >= 0 else { break }
      start += Int(found) + 1
    }
    return UInt64(start)
  }
}
