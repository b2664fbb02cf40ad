import ExecModel
import Glibc
import Linux
public import SystemPackage

/// The result of storing a chunk.
public struct StoreResult: Hashable, Sendable {
  /// Bytes written to the stream's file, from the chunk's start on.
  public var taken: Int
  /// Newlines among the bytes taken.
  public var newlines: UInt64
  /// Whether the last byte taken is a newline.
  public var endsLine: Bool
  /// Why the rest was not taken; nil when all was taken.
  public var error: Errno?

  /// Makes a result.
  public init(taken: Int, newlines: UInt64, endsLine: Bool = false, error: Errno?) {
    self.taken = taken
    self.newlines = newlines
    self.endsLine = endsLine
    self.error = error
  }
}

/// The append side of one stream's raw file.
struct StreamFile: ~Copyable {
  /// Space is reserved ahead only beyond this length: for shorter streams a reservation costs more than it saves.
  static let reserveAfter: UInt64 = 1 << 20

  /// The file's path; nil when the execution has no such stream, or after ``close()``.
  private var path: String?
  private var file = Descriptor(raw: -1)
  /// Length of the file; the next chunk is written here.
  private(set) var end: UInt64 = 0
  /// The offset up to which disk space is reserved, or a reservation failed.
  private var reserved = StreamFile.reserveAfter
  private var punched: UInt64 = 0
  private let largestStep: UInt64
  /// Where bytes are kept after the disk is given up.
  private var memory: MemoryFile?

  /// Prepares a file that the first chunk creates; at most an eighth of `keep` bytes is reserved ahead.
  ///
  /// Most executions are silent on one stream, and creating a file is the most expensive part of creating a journal.
  init(_ path: String?, keep: JournalLimit) {
    self.path = path
    largestStep =
      switch keep {
      case .all: 64 << 20
      case .bytes(let limit): min(64 << 20, max(1 << 20, limit / 8))
      }
  }

  /// Appends as many bytes as the disk accepts.
  mutating func append(_ bytes: UnsafeRawBufferPointer) -> StoreResult {
    if let memory { return append(bytes, to: memory) }
    if file.raw < 0, let error = make() { return StoreResult(taken: 0, newlines: 0, error: error) }
    if end &+ UInt64(bytes.count) > reserved { reserveAhead(bytes.count) }
    // Before the write, while the processor's cache still holds the bytes read.
    let newlines = bytes.newlineCount
    let (count, error) = FileCalls.write(bytes, to: file.raw, at: end)
    end &+= UInt64(count)
    let taken = UnsafeRawBufferPointer(rebasing: bytes[..<count])
    return StoreResult(
      taken: count, newlines: error == nil ? newlines : taken.newlineCount, endsLine: taken.last == UInt8(ascii: "\n"),
      error: error)
  }

  /// Appends as many bytes as fit; the rest follows when readers have made space.
  private mutating func append(_ bytes: UnsafeRawBufferPointer, to memory: MemoryFile) -> StoreResult {
    let count = memory.append(bytes)
    end &+= UInt64(count)
    let taken = UnsafeRawBufferPointer(rebasing: bytes[..<count])
    return StoreResult(
      taken: count, newlines: taken.newlineCount, endsLine: taken.last == UInt8(ascii: "\n"),
      error: count < bytes.count ? .resourceTemporarilyUnavailable : nil)
  }

  /// Keeps later bytes in memory; calling it again does nothing.
  mutating func leaveDisk(_ stream: ExecStream, for record: MemoryRecord) {
    guard memory == nil, path != nil else { return }
    trim()
    memory = record.begin(stream, at: end)
  }

  /// Whether the file was deleted while open.
  var isDeleted: Bool { memory == nil && file.raw >= 0 && FileCalls.linkCount(of: file.raw) == 0 }

  /// A duplicate of the descriptor, for a reader; −1 when there is no file.
  ///
  /// Running out of descriptors is a failure: treated as a missing file, the stream would read as empty.
  func duplicate() -> Result<Int32, Errno> {
    guard file.raw >= 0 else { return .success(-1) }
    let copy = fcntl(file.raw, F_DUPFD_CLOEXEC, 0)
    return copy < 0 ? .failure(Errno(rawValue: errno)) : .success(copy)
  }

  private mutating func make() -> Errno? {
    guard let path else { return .badFileDescriptor }
    do throws(Errno) {
      file = try Descriptor.open(path, in: AT_FDCWD, flags: O_RDWR | O_CREAT | O_EXCL, mode: 0o600)
      return nil
    } catch { return error }
  }

  /// Reserves 8 to 64 MiB; silently skipped on a disk that cannot reserve or is nearly full.
  private mutating func reserveAhead(_ count: Int) {
    let step = min(largestStep, max(8 << 20, end))
    let start = max(reserved, end)
    reserved = end &+ UInt64(count) &+ step
    guard file.raw >= 0, FileCalls.freeBytes(on: file.raw) / 8 > step else { return }
    _ = FileCalls.reserve(file.raw, from: start, to: reserved)
  }

  /// Releases reserved space that was not used.
  ///
  /// A file that was given up for memory was trimmed then; trimming it to ``end`` would extend it with zeros.
  mutating func trim() {
    guard memory == nil, file.raw >= 0, reserved > Self.reserveAfter else { return }
    FileCalls.trim(file.raw, to: end)
    reserved = end &+ (8 << 20)
  }

  /// Releases the disk space of all whole pages below `head`.
  mutating func punch(upTo head: UInt64) {
    if let memory { return memory.release(upTo: head) }
    let boundary = head & ~4095
    guard file.raw >= 0, boundary > punched else { return }
    if FileCalls.punch(file.raw, from: punched, to: boundary) == nil { punched = boundary }
  }

  /// Closes the descriptor, even if readers still read what was written before the disk was given up.
  mutating func leaveFile() { file.close() }

  /// Trims the file and closes the descriptor; that of a record that continued in memory stays open, because readers
  /// need it.
  mutating func close() {
    trim()
    if memory == nil { file.close() }
    path = nil
  }
}
