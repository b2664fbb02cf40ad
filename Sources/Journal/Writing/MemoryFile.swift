import Synchronization

/// The newest bytes of one of a journal's files that could not be written to the disk, in memory, at their offsets in
/// the file.
///
/// One thread writes; any number may read.
final class MemoryFile: Sendable {
  /// The maximum number of bytes: the largest share, and space for what arrives before the eviction.
  static let capacity = MemoryBudget.shares.upperBound + (1 << 20)

  /// The first offset in memory; lower ones are in the file.
  let start: UInt64
  private let budget: MemoryBudget
  private let ring: Mutex<Ring>

  /// Blocks are allocated by their first byte and released with their last; offset *n* is in block *n* / size modulo
  /// their count.
  private struct Ring: Sendable {
    static let blockSize = 16 << 10
    var blocks = [[UInt8]](repeating: [], count: Int(MemoryFile.capacity) / blockSize + 1)
    var head: UInt64
    var end: UInt64

    /// The block of an offset, the position in it, and the range of `count` bytes that the block holds from there on.
    func piece(_ offset: UInt64, _ count: Int) -> (block: Int, bytes: Range<Int>) {
      let place = Int(offset % UInt64(Self.blockSize))
      let block = Int(offset / UInt64(Self.blockSize) % UInt64(blocks.count))
      return (block, place..<min(Self.blockSize, place + count))
    }

    mutating func append(_ bytes: UnsafeRawBufferPointer) -> Int {
      let count = min(bytes.count, Int(clamping: MemoryFile.capacity - (end - head)))
      var done = 0
      while done < count {
        let (block, part) = piece(end, count - done)
        if blocks[block].isEmpty { blocks[block] = [UInt8](repeating: 0, count: Self.blockSize) }
        blocks[block].withUnsafeMutableBytes { target in
          target[part].copyBytes(from: bytes[done..<(done + part.count)])
        }
        end += UInt64(part.count)
        done += part.count
      }
      return count
    }

    func read(at offset: UInt64, into buffer: UnsafeMutableRawBufferPointer) -> Int {
      let count = min(buffer.count, Int(clamping: end - min(offset, end)))
      var done = 0
      while done < count {
        let (block, part) = piece(offset + UInt64(done), count - done)
        blocks[block].withUnsafeBytes { source in
          buffer[done..<(done + part.count)].copyBytes(from: source[part])
        }
        done += part.count
      }
      return count
    }

    mutating func release(upTo offset: UInt64) {
      let next = max(head, min(offset, end))
      let size = UInt64(Self.blockSize)
      for number in (head / size)..<(next / size) { blocks[Int(number % UInt64(blocks.count))] = [] }
      head = next
    }
  }

  /// Makes an empty file whose first byte has this offset.
  init(from start: UInt64, _ budget: MemoryBudget) {
    self.start = start
    self.budget = budget
    ring = Mutex(Ring(head: start, end: start))
  }

  /// The first kept offset, and the one after the last.
  var bounds: (head: UInt64, end: UInt64) { ring.withLock { ($0.head, $0.end) } }

  /// Appends as many bytes as fit, and returns their number.
  func append(_ bytes: UnsafeRawBufferPointer) -> Int { ring.withLock { $0.append(bytes) } }

  /// Bytes kept after an eviction.
  var limit: UInt64 { budget.share }

  /// Reads at `offset`, which must not be below ``start``.
  func read(at offset: UInt64, into buffer: UnsafeMutableRawBufferPointer) -> ReadResult {
    ring.withLock { $0.head > offset ? .evicted(upTo: $0.head) : .bytes($0.read(at: offset, into: buffer)) }
  }

  /// Releases the bytes below `offset`.
  func release(upTo offset: UInt64) { ring.withLock { $0.release(upTo: offset) } }
}
