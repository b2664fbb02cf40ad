import ExecModel
import Glibc
import Journal
import Synchronization

/// Reads published ranges of a journal in chunks; used by one thread.
final class StreamReader {
  /// Tells of bytes of a stream that were evicted before they were read.
  typealias Missing = (ExecStream, Range<UInt64>) throws -> Void

  private let buffer: ReadBuffer
  private let missing: Missing?
  private var ends = StreamCounts()
  private var gaps: [ExecStream: Range<UInt64>] = [:]

  /// Calls `missing` once for adjacent bytes that cannot be read, before the next ones that can.
  ///
  /// Without it they are a failure, unless the record is lost: then standard error tells what is missing.
  init(_ buffer: ReadBuffer = ReadBuffer(), missing: Missing? = nil) {
    self.buffer = buffer
    self.missing = missing
  }

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
    try buffer.withBytes { bytes in
      var offset = range.lowerBound
      while offset < range.upperBound {
        let wanted = Int(min(UInt64(bytes.count), range.upperBound - offset))
        offset = try readChunk(
          journal, stream, offset..<range.upperBound, UnsafeMutableRawBufferPointer(rebasing: bytes[..<wanted]), body)
      }
    }
  }

  /// Reads the beginning of a range into `target`; returns where to go on.
  private func readChunk(
    _ journal: JournalReader, _ stream: ExecStream, _ range: Range<UInt64>, _ target: UnsafeMutableRawBufferPointer,
    _ body: (UInt64, UnsafeRawBufferPointer) throws -> Void
  ) throws -> UInt64 {
    switch try journal.read(stream, at: range.lowerBound, into: target) {
    case .evicted(let head):
      let next = min(head, range.upperBound)
      try miss(journal, stream, range.lowerBound..<next)
      return next
    case .bytes(0): throw Failure("\(journal.directory)/\(stream.name): shorter than its record says")
    case .bytes(let count):
      try finish(stream)
      try body(range.lowerBound, UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(target)[..<count]))
      return range.lowerBound + UInt64(count)
    }
  }

  private func miss(_ journal: JournalReader, _ stream: ExecStream, _ range: Range<UInt64>) throws {
    // What was on a disk that is given up may not be there any more: that is told, and the rest is still to be had.
    guard missing != nil || journal.recordLoss != nil else {
      // Nothing is evicted that a reader who must have every byte has not read.
      throw Failure("\(journal.directory)/\(stream.name): its bytes from \(range.lowerBound) on were evicted unread")
    }
    let gap = gaps[stream] ?? range
    // A forged record may go back.
    gaps[stream] = min(gap.lowerBound, range.lowerBound)..<max(gap.upperBound, range.upperBound)
  }

  /// Tells what is missing at the end of a stream.
  func finish(_ stream: ExecStream) throws {
    if let gap = gaps.removeValue(forKey: stream) { try (missing ?? Losses.told.report)?(stream, gap) }
  }
}

/// A buffer for the bytes of journals, shared by all readers of one thread: it costs the same for any number of executions.
final class ReadBuffer: Sendable {
  /// Bytes of one chunk at most: 256 KiB.
  static let size = 256 << 10

  private let bytes = Mutex([UInt8](repeating: 0, count: size))

  /// Calls `body` with the buffer; another thread would wait.
  func withBytes(_ body: (UnsafeMutableRawBufferPointer) throws -> Void) throws {
    try bytes.withLock { bytes in try bytes.withUnsafeMutableBytes(body) }
  }
}
