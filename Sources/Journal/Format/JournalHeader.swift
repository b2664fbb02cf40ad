public import ExecModel
import Glibc
import Linux

/// The identity of a journal's execution: what a list shows before anything else is read.
public struct JournalIdentity: Hashable, Sendable {
  /// The execution's identifier.
  public var id: ExecutionID
  /// The name of the box it runs in.
  public var box: String
  /// The creation time: nanoseconds since 1970 on the wall clock.
  public var created: UInt64
  /// The process ID of the boxwatch that writes the journal.
  public var watcher: Int32

  /// Makes an identity.
  public init(id: ExecutionID, box: String, created: UInt64, watcher: Int32) {
    self.id = id
    self.box = box
    self.created = created
    self.watcher = watcher
  }

  /// The time of an event of its record, in nanoseconds since 1970; nil when the numbers in the files make no valid
  /// time.
  public func moment(of event: RecordedEvent) -> UInt64? {
    let (moment, overflow) = created.addingReportingOverflow(event.time)
    return overflow ? nil : moment
  }
}

/// A time that is comparable across all processes of a machine until it reboots.
struct BootMoment: Hashable, Sendable {
  /// Nanoseconds since boot, including suspended time (CLOCK_BOOTTIME), the clock of the kernel's process start times.
  let time: UInt64
  /// The boot identifier (`/proc/sys/kernel/random/boot_id`, random(4)); zeros when it is unknown.
  let boot: BootIdentifier

  static var now: BootMoment { BootMoment(time: BootClock.now, boot: BootIdentifier.current) }
}

/// The first page of the `events` file: the format, and the first offsets and record still kept.
///
/// Little-endian words: magic, version and record size; then, as one checksummed group that is rewritten in a single
/// write: first kept offset of each stream, first kept record, checksum. A copy of the record of the process's exit may
/// follow.
struct JournalHeader: Hashable {
  /// The file's name in the journal's folder.
  static let fileName = "events"
  /// Size of the header in bytes; records begin after it.
  static let size = 4096
  /// The format's version; any other is rejected.
  static let version: UInt32 = 1
  /// `boxwatch` in ASCII.
  static let magic: UInt64 = 0x6863_7461_7778_6F62
  /// Offset of the checksummed group.
  static let headsOffset = 16
  /// Size of the checksummed group in bytes.
  static let headsSize = 32

  /// Offset of the copy of the exit's record, made once the exit is far behind the newest record; zeros until then.
  static let exitOffset = 64

  /// First kept offset of each stream.
  var heads = PerStream<UInt64>()
  /// First kept record.
  var firstRecord: UInt64 = 0

  /// The file offset of record `sequence`; nil beyond the largest possible file.
  static func offset(of sequence: UInt64) -> UInt64? {
    sequence < 1 << 56 ? UInt64(size) + sequence * UInt64(EventRecord.size) : nil
  }

  /// The number of whole records in a file of `length` bytes.
  static func recordCount(length: UInt64) -> UInt64 {
    length > UInt64(size) ? (length - UInt64(size)) / UInt64(EventRecord.size) : 0
  }

  /// Writes the whole header page.
  func store(into page: UnsafeMutableRawBufferPointer) {
    page.storeBytes(of: Self.magic.littleEndian, toByteOffset: 0, as: UInt64.self)
    page.storeBytes(of: Self.version.littleEndian, toByteOffset: 8, as: UInt32.self)
    page.storeBytes(of: UInt32(EventRecord.size).littleEndian, toByteOffset: 12, as: UInt32.self)
    storeHeads(into: UnsafeMutableRawBufferPointer(rebasing: page[Self.headsOffset...]))
  }

  /// Writes the checksummed group.
  func storeHeads(into bytes: UnsafeMutableRawBufferPointer) {
    bytes.storeBytes(of: heads.stdout.littleEndian, toByteOffset: 0, as: UInt64.self)
    bytes.storeBytes(of: heads.stderr.littleEndian, toByteOffset: 8, as: UInt64.self)
    bytes.storeBytes(of: firstRecord.littleEndian, toByteOffset: 16, as: UInt64.self)
    let check = RecordChecksum.of(UnsafeRawBufferPointer(bytes), words: 3)
    bytes.storeBytes(of: check.littleEndian, toByteOffset: 24, as: UInt64.self)
  }

  /// Reads the checksummed group; nil when it is torn.
  static func loadHeads(_ bytes: UnsafeRawBufferPointer) -> JournalHeader? {
    guard bytes.count >= headsSize else { return nil }
    func word(_ index: Int) -> UInt64 {
      UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: index * 8, as: UInt64.self))
    }
    guard word(3) == RecordChecksum.of(bytes, words: 3) else { return nil }
    return JournalHeader(heads: PerStream<UInt64>(stdout: word(0), stderr: word(1)), firstRecord: word(2))
  }

  /// Why a header page is invalid, in words; nil when it is valid.
  static func complaint(about page: UnsafeRawBufferPointer) -> String? {
    guard page.count >= size else { return "it is too short to be a journal" }
    guard UInt64(littleEndian: page.loadUnaligned(as: UInt64.self)) == magic else {
      return "it is not a boxwatch journal"
    }
    let version = UInt32(littleEndian: page.loadUnaligned(fromByteOffset: 8, as: UInt32.self))
    guard version == Self.version else {
      return "it has format \(version), and this boxwatch reads format \(Self.version)"
    }
    let record = UInt32(littleEndian: page.loadUnaligned(fromByteOffset: 12, as: UInt32.self))
    guard record == EventRecord.size else { return "its records have \(record) bytes instead of \(EventRecord.size)" }
    return nil
  }
}
