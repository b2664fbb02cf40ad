import Console
import ExecModel
import Glibc
import Journal
import Synchronization

/// Reads published ranges of a journal in chunks; used by one thread.
final class RecordedOutputReader {
  /// Called for bytes of a stream that were evicted before they were read.
  typealias Missing = (ExecStream, Range<UInt64>) throws -> Void

  private let buffer: ReadBuffer
  private let missing: Missing?
  private var ends = PerStream<UInt64>()
  private var gaps: PerStream<Range<UInt64>?> = [:]

  /// Calls `missing` once for each run of bytes that cannot be read, before the next bytes that
  /// can.
  ///
  /// Without `missing` such bytes are a failure, unless the record is lost: then the gap is
  /// reported on standard error.
  init(_ buffer: ReadBuffer = ReadBuffer(), missing: Missing? = nil) {
    self.buffer = buffer
    self.missing = missing
  }

  /// Calls `body` with the range's bytes, in order, in chunks of at most 256 KiB, and their offset
  /// in the stream.
  ///
  /// - Throws: ``/Console/Failure`` when the journal cannot be read, or an error of `body` or `missing`.
  func read(
    _ journal: JournalReader, _ stream: ExecStream, _ range: Range<UInt64>,
    _ body: (UInt64, UnsafeRawBufferPointer) throws -> Void
  ) throws {
    // Records are evicted too: the bytes they announced are missing.
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

  /// Reads the start of a range into `target`; returns the offset to continue at.
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
    // Bytes on a disk that was given up may be gone: the gap is reported, and reading continues
    // after it.
    guard missing != nil || journal.recordLoss != nil else {
      // Bytes are not evicted before a subscriber that must have every byte has read them.
      throw Failure(
        "\(journal.directory)/\(stream.name): its bytes from \(range.lowerBound) on were evicted before they were read")
    }
    let gap = gaps[stream] ?? range
    // The offsets of a forged record may go backwards.
    gaps[stream] = min(gap.lowerBound, range.lowerBound)..<max(gap.upperBound, range.upperBound)
  }

  /// Reports missing bytes at the end of a stream.
  func finish(_ stream: ExecStream) throws {
    guard let gap = gaps[stream] else { return }
    gaps[stream] = nil
    try (missing ?? Losses.reported.report)?(stream, gap)
  }
}

/// A buffer for journal bytes, shared by all readers of one thread, so that its cost does not
/// depend on the number of executions.
final class ReadBuffer: Sendable {
  /// The maximum size of a chunk: 256 KiB.
  static let size = 256 << 10

  private let bytes = Mutex([UInt8](repeating: 0, count: size))

  /// Calls `body` with the buffer; a second thread would wait.
  func withBytes(_ body: (UnsafeMutableRawBufferPointer) throws -> Void) throws {
    try bytes.withLock { bytes in try bytes.withUnsafeMutableBytes(body) }
  }
}
