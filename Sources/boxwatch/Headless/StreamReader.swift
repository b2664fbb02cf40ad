import ExecModel
import Glibc
import Journal

/// Reads published ranges of a journal in chunks, with one buffer for all of them; used by one thread.
final class StreamReader {
  private var buffer = [UInt8](repeating: 0, count: 256 << 10)

  /// Calls `body` with the range's bytes, in order, in chunks of at most 256 KiB.
  ///
  /// - Throws: ``Failure`` when the journal cannot be read, or what `body` throws.
  func read(
    _ journal: JournalReader, _ stream: ExecStream, _ range: Range<UInt64>,
    _ body: (UnsafeRawBufferPointer) throws -> Void
  ) throws {
    var offset = range.lowerBound
    while offset < range.upperBound {
      let wanted = Int(min(UInt64(buffer.count), range.upperBound - offset))
      try buffer.withUnsafeMutableBytes { buffer in
        let target = UnsafeMutableRawBufferPointer(rebasing: buffer[..<wanted])
        switch try journal.read(stream, at: offset, into: target) {
        case .evicted:
          // Nobody evicts what a reader who must have every byte has not read.
          throw Failure("\(journal.directory)/\(stream.name): its bytes from \(offset) on were evicted unread")
        case .bytes(0): throw Failure("\(journal.directory)/\(stream.name): shorter than its record says")
        case .bytes(let count):
          try body(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(target)[..<count]))
          offset += UInt64(count)
        }
      }
    }
  }
}
