import CExecShims
import ExecModel
import Glibc
import SystemPackage

/// The append side of one stream's raw file.
struct StreamFile: ~Copyable {
  /// Room is reserved ahead only for a stream that has shown to be long: below this, a reservation costs more than it saves.
  static let reserveAfter: UInt64 = 1 << 20

  private var file: Descriptor
  /// Bytes in the file; the next chunk goes here.
  private(set) var end: UInt64 = 0
  /// Up to where the disk has room reserved, or was asked in vain.
  private var reserved = StreamFile.reserveAfter
  private var punched: UInt64 = 0
  private let largestStep: UInt64

  /// Takes over a new file; of `keep` bytes, at most an eighth is reserved ahead.
  init(_ file: consuming Descriptor, keep: JournalLimit) {
    self.file = file
    largestStep =
      switch keep {
      case .all: 64 << 20
      case .bytes(let limit): min(64 << 20, max(1 << 20, limit / 8))
      }
  }

  /// Appends as much as the disk takes.
  mutating func append(_ bytes: UnsafeRawBufferPointer) -> StoreResult {
    if end &+ UInt64(bytes.count) > reserved { reserveAhead(bytes.count) }
    let (count, error) = FileCalls.write(bytes, to: file.raw, at: end)
    end &+= UInt64(count)
    return StoreResult(taken: count, newlines: cexec_count_newlines(bytes.baseAddress, count), error: error)
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
  mutating func trim() {
    guard file.raw >= 0, reserved > Self.reserveAfter else { return }
    FileCalls.trim(file.raw, to: end)
    reserved = end &+ (8 << 20)
  }

  /// Gives back the disk room of all whole pages below `head`.
  mutating func punch(upTo head: UInt64) {
    let boundary = head & ~4095
    guard file.raw >= 0, boundary > punched else { return }
    if FileCalls.punch(file.raw, from: punched, to: boundary) == nil { punched = boundary }
  }

  /// Trims and gives the descriptor back.
  mutating func close() {
    trim()
    file.close()
  }
}
