import ExecModel
import Glibc
import Linux
import SystemPackage

/// Reads a journal's header and spec, and describes what is wrong with them.
enum JournalOpening {
  private static let attempt = "read the journal"

  /// Reads and checks the header page.
  static func header(of file: Int32, _ path: String) throws(JournalError) -> JournalHeader {
    let page = UnsafeMutableRawBufferPointer.allocate(byteCount: JournalHeader.size, alignment: 8)
    defer { page.deallocate() }
    let count: Int
    do throws(Errno) {
      guard try FileCalls.size(of: file).isRegular else { throw Errno.badMessage }
      count = try FileCalls.read(file, at: 0, into: page)
    } catch { throw failure(error, path) }
    if let complaint = JournalHeader.complaint(about: UnsafeRawBufferPointer(rebasing: page[..<count])) {
      throw .damaged(path, attempt: attempt, complaint)
    }
    guard let header = heads(of: file) else { throw .damaged(path, attempt: attempt, "its header is damaged") }
    return header
  }

  private static func failure(_ error: Errno, _ path: String) -> JournalError {
    guard error == .badMessage else { return JournalError(errno: error, path: path, attempt: attempt) }
    return .damaged(path, attempt: attempt, "it is not a regular file of a journal")
  }

  /// Reads the heads; retried when a write came in between, which does not happen a hundred times in a row.
  static func heads(of file: Int32) -> JournalHeader? {
    withUnsafeTemporaryAllocation(byteCount: JournalHeader.headsSize, alignment: 8) { bytes in
      for _ in 0..<100 {
        let count = try? FileCalls.read(file, at: UInt64(JournalHeader.headsOffset), into: bytes)
        guard count == bytes.count else { return nil }
        if let header = JournalHeader.loadHeads(UnsafeRawBufferPointer(bytes)) { return header }
      }
      return nil
    }
  }

  /// Reads `spec.json`.
  static func document(in folder: Int32, _ path: String) throws(JournalError) -> SpecDocument {
    let bytes: [UInt8]
    do throws(Errno) { bytes = try contents(in: folder) } catch { throw failure(error, path) }
    guard !bytes.isEmpty else {
      throw .damaged(path, attempt: attempt, "it is empty: the journal is being made, or its writer died making it")
    }
    guard let document = try? SpecDocument(decoding: bytes) else {
      throw .damaged(path, attempt: attempt, "it is not the specification of an execution")
    }
    return document
  }

  private static func contents(in folder: Int32) throws(Errno) -> [UInt8] {
    let file = try Descriptor.open(SpecDocument.fileName, in: folder, flags: O_RDONLY | O_NONBLOCK)
    defer { withExtendedLifetime(file) {} }
    let (length, isRegular) = try FileCalls.size(of: file.raw)
    guard isRegular, length <= SpecDocument.maximumLength else { throw .badMessage }
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: Int(length), alignment: 8)
    defer { buffer.deallocate() }
    let count = try FileCalls.read(file.raw, at: 0, into: buffer)
    return [UInt8](buffer[..<count])
  }
}

/// The process of a command, as recorded, so that it can be distinguished from a later process with the same ID.
public struct RecordedProcess: Hashable, Sendable {
  /// Its process ID on the host, which is also its process group ID.
  public let processIdentifier: Int32
  /// The earliest and the latest time of its start: nanoseconds since boot (CLOCK_BOOTTIME).
  public let began: ClosedRange<UInt64>

  /// Allowance for a clock that did not advance between the creation of the journal and the start, in nanoseconds.
  private static let slack: UInt64 = 1_000_000_000

  /// Nil for a record without a process ID or a time, and for one from before the last boot.
  init?(_ record: EventRecord, time: UInt64) {
    guard let event = record.event, case .started(processIdentifier: let identifier) = event, let number = identifier,
      number > 0,
      record.first > 0
    else { return nil }
    let boot = BootIdentifier(high: record.second, low: record.third)
    guard boot.isKnown, boot == .current else { return nil }
    processIdentifier = number
    // The journal is created before the process, and the record is written after its start.
    began = (record.first - min(record.first, time &+ Self.slack))...record.first
  }
}

extension JournalReader {
  /// The number of first records among which the start is searched.
  private static let reach: UInt64 = 16

  /// The command's process; nil when the record does not identify it, or is from before the last boot.
  public func process() -> RecordedProcess? {
    var found: RecordedProcess?
    try? eachRecord(from: 0, blockOf: Int(Self.reach)) { number, time, record in
      found = RecordedProcess(record, time: time)
      return found == nil && number < Self.reach
    }
    return found
  }
}
