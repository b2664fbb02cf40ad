import CExecShims
import ExecModel
import Glibc
public import SystemPackage

/// How much of a chunk went to the disk.
public struct StoreResult: Hashable, Sendable {
  /// Bytes that are in the stream's file now, from the chunk's start on.
  public var taken: Int
  /// Newlines among the bytes taken.
  public var newlines: UInt64
  /// Why the rest was not taken; nil when all was.
  public var error: Errno?

  /// Makes a result.
  public init(taken: Int, newlines: UInt64, error: Errno?) {
    self.taken = taken
    self.newlines = newlines
    self.error = error
  }
}

/// The append side of one stream's raw file.
struct StreamFile: ~Copyable {
  /// Room is reserved ahead only for a stream that has shown to be long: below this, a reservation costs more than it saves.
  static let reserveAfter: UInt64 = 1 << 20

  /// The file's path; nil when the execution has no such stream, or after ``close()``.
  private var path: String?
  private var file = Descriptor(raw: -1)
  /// Bytes in the file; the next chunk goes here.
  private(set) var end: UInt64 = 0
  /// Up to where the disk has room reserved, or was asked in vain.
  private var reserved = StreamFile.reserveAfter
  private var punched: UInt64 = 0
  private let largestStep: UInt64
  /// Where bytes go when the disk is given up.
  private var memory: MemoryFile?

  /// Prepares a file that is made by the first chunk; of `keep` bytes, at most an eighth is reserved ahead.
  ///
  /// Most executions are silent on a stream, and making a file is the dearest part of making a journal.
  init(_ path: String?, keep: JournalLimit) {
    self.path = path
    largestStep =
      switch keep {
      case .all: 64 << 20
      case .bytes(let limit): min(64 << 20, max(1 << 20, limit / 8))
      }
  }

  /// Appends as much as the disk takes.
  mutating func append(_ bytes: UnsafeRawBufferPointer) -> StoreResult {
    if let memory { return append(bytes, to: memory) }
    if file.raw < 0, let error = make() { return StoreResult(taken: 0, newlines: 0, error: error) }
    if end &+ UInt64(bytes.count) > reserved { reserveAhead(bytes.count) }
    // Before the write, while the processor's cache still holds what the read brought.
    let newlines = cexec_count_newlines(bytes.baseAddress, bytes.count)
    let (count, error) = FileCalls.write(bytes, to: file.raw, at: end)
    end &+= UInt64(count)
    guard error != nil else { return StoreResult(taken: count, newlines: newlines, error: nil) }
    return StoreResult(taken: count, newlines: cexec_count_newlines(bytes.baseAddress, count), error: error)
  }

  /// A chunk that is larger than the room there is goes in part; the rest when readers have made room.
  private mutating func append(_ bytes: UnsafeRawBufferPointer, to memory: MemoryFile) -> StoreResult {
    let count = memory.append(bytes)
    end &+= UInt64(count)
    return StoreResult(
      taken: count, newlines: cexec_count_newlines(bytes.baseAddress, count),
      error: count < bytes.count ? .resourceTemporarilyUnavailable : nil)
  }

  /// Puts what comes from now on into memory; more than once does nothing.
  mutating func leaveDisk(_ stream: ExecStream, for record: MemoryRecord) {
    guard memory == nil, path != nil else { return }
    trim()
    memory = record.begin(stream, at: end)
  }

  /// A descriptor of its own for a reader; −1 when there is no file.
  ///
  /// Without a descriptor left it is a failure: taken for no file, the stream would read as empty.
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

  /// Reserves 8 to 64 MiB; quietly not, on a disk that cannot or is nearly full.
  private mutating func reserveAhead(_ count: Int) {
    let step = min(largestStep, max(8 << 20, end))
    let start = max(reserved, end)
    reserved = end &+ UInt64(count) &+ step
    guard file.raw >= 0, FileCalls.freeBytes(on: file.raw) / 8 > step else { return }
    _ = FileCalls.reserve(file.raw, from: start, to: reserved)
  }

  /// Gives back what was reserved and not used.
  ///
  /// A file that was left for memory was trimmed then: to trim it to ``end`` would fill it with zeros up to there.
  mutating func trim() {
    guard memory == nil, file.raw >= 0, reserved > Self.reserveAfter else { return }
    FileCalls.trim(file.raw, to: end)
    reserved = end &+ (8 << 20)
  }

  /// Gives back the disk room of all whole pages below `head`.
  mutating func punch(upTo head: UInt64) {
    if let memory { return memory.release(upTo: head) }
    let boundary = head & ~4095
    guard file.raw >= 0, boundary > punched else { return }
    if FileCalls.punch(file.raw, from: punched, to: boundary) == nil { punched = boundary }
  }

  /// Gives the descriptor back, whoever still reads what was written before the disk was given up.
  mutating func leaveFile() { file.close() }

  /// Trims and gives the descriptor back; that of a record that went on in memory stays, since readers need it.
  mutating func close() {
    trim()
    if memory == nil { file.close() }
    path = nil
  }
}
