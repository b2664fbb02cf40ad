import ExecModel
import Glibc
import Journal

/// Reads published ranges of a journal in chunks, with one buffer for all of them; used by one thread.
final class StreamReader {
  /// Tells of bytes of a stream that were evicted before they were read.
  typealias Missing = (ExecStream, Range<UInt64>) throws -> Void

  private var buffer = [UInt8](repeating: 0, count: 256 << 10)
  private let missing: Missing?
  private var ends = StreamCounts()
  private var gaps: [ExecStream: Range<UInt64>] = [:]

  /// Calls `missing` once for adjacent bytes that cannot be had, before the next that can; without it they are a failure.
  init(missing: Missing? = nil) { self.missing = missing }

  /// Calls `body` with the range's bytes, in order, in chunks of at most 256 KiB, and their offset in the stream.
  ///
  /// - Throws: ``Failure`` when the journal cannot be read, or what `body` and `missing` throw.
  func read(
    _ journal: JournalReader, _ stream: ExecStream, _ range: Range<UInt64>,
    _ body: (UInt64, UnsafeRawBufferPointer) throws -> Void
  ) throws {
    // Records are evicted too: what they told of is missing.
    if range.lowerBound > ends[stream] { try miss(journal, stream, ends[stream]..<range.lowerBound) }
    ends[stream] = max(ends[stream], range.upperBound)
    var offset = range.lowerBound
    while offset < range.upperBound {
      let wanted = Int(min(UInt64(buffer.count), range.upperBound - offset))
      try buffer.withUnsafeMutableBytes { buffer in
        let target = UnsafeMutableRawBufferPointer(rebasing: buffer[..<wanted])
        switch try journal.read(stream, at: offset, into: target) {
        case .evicted(let head):
          let next = min(head, range.upperBound)
          try miss(journal, stream, offset..<next)
          offset = next
        case .bytes(0): throw Failure("\(journal.directory)/\(stream.name): shorter than its record says")
        case .bytes(let count):
          try finish(stream)
          try body(offset, UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(target)[..<count]))
          offset += UInt64(count)
        }
      }
    }
  }

  private func miss(_ journal: JournalReader, _ stream: ExecStream, _ range: Range<UInt64>) throws {
    guard missing != nil else {
      // Nobody evicts what a reader who must have every byte has not read.
      throw Failure("\(journal.directory)/\(stream.name): its bytes from \(range.lowerBound) on were evicted unread")
    }
    gaps[stream] = (gaps[stream]?.lowerBound ?? range.lowerBound)..<range.upperBound
  }

  /// Tells what is missing at the end of a stream.
  func finish(_ stream: ExecStream) throws {
    if let gap = gaps.removeValue(forKey: stream) { try missing?(stream, gap) }
  }
}
