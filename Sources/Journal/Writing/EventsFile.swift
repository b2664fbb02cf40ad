import ExecModel
import Glibc
import SystemPackage

/// The append side of the `events` file.
///
/// Room for the next records is reserved ahead. Of that room the last ``finalReserve`` is for the events of the end, so
/// that a full disk never keeps an execution from ending.
struct EventsFile: ~Copyable {
  /// Bytes that only the end may use: an exit and 255 waits.
  static let finalReserve: UInt64 = 256 * 64
  /// Bytes that only notices and the end may use.
  static let noticeReserve: UInt64 = finalReserve + 64 * 64
  /// Bytes that must be free before output is taken.
  static let outputReserve: UInt64 = noticeReserve + 32 * 64
  /// Bytes reserved when the file is made.
  static let firstReservation: UInt64 = UInt64(JournalHeader.size) + 2 * outputReserve

  var file: Descriptor
  private(set) var count: UInt64 = 0
  var header = JournalHeader()
  /// Up to where the disk has room reserved.
  private(set) var reserved: UInt64 = 0
  private(set) var canReserve = true
  private(set) var published = StreamCounts()
  private(set) var lastOutput: UInt64 = 0
  /// For each stream: every output record below this is evicted.
  var cursors = StreamCounts()
  var punched = UInt64(JournalHeader.size)

  /// Takes over a new, empty, locked file and writes its header.
  init(_ file: consuming Descriptor) throws(Errno) {
    self.file = file
    if let error = reserve(to: Self.firstReservation) { throw error }
    let error = withUnsafeTemporaryAllocation(byteCount: JournalHeader.size, alignment: 8) { page in
      page.initializeMemory(as: UInt8.self, repeating: 0)
      header.store(into: page)
      return FileCalls.write(UnsafeRawBufferPointer(page), to: self.file.raw, at: 0).error
    }
    if let error { throw error }
  }

  /// Where the next record goes.
  var end: UInt64 { UInt64(JournalHeader.size) &+ count &* UInt64(EventRecord.size) }

  /// Bytes of reserved room; without bound where the disk cannot reserve.
  var spare: UInt64 { canReserve ? reserved - min(reserved, end) : .max }

  /// Bytes of output that are still kept.
  var retained: UInt64 { published.total - header.heads.total }

  /// Sees to it that output may be taken.
  mutating func makeRoom() -> Errno? {
    guard spare < Self.outputReserve else { return nil }
    return reserve(to: end &+ min(max(2 * Self.outputReserve, end), 1 << 20))
  }

  private mutating func reserve(to goal: UInt64) -> Errno? {
    guard canReserve, file.raw >= 0 else { return file.raw < 0 ? Errno(rawValue: EBADF) : nil }
    guard let error = FileCalls.reserve(file.raw, from: reserved, to: goal) else {
      reserved = goal
      return nil
    }
    guard error == Errno(rawValue: EOPNOTSUPP) || error == Errno(rawValue: ENOSYS) else { return error }
    canReserve = false
    return nil
  }

  /// Appends one record, or says why nothing was written.
  mutating func append(_ event: ExecutionEvent, at time: UInt64) -> Errno? {
    let need = Self.reserveBehind(event)
    let error = makeRoom()
    if let error, spare < need &+ UInt64(EventRecord.size) { return error }
    return write(event, at: time)
  }

  /// What must stay free behind an event.
  private static func reserveBehind(_ event: ExecutionEvent) -> UInt64 {
    switch event {
    case .started, .output: noticeReserve
    case .evicted, .stalled, .resumed: finalReserve
    case .endOfStream, .exited, .timeLimitElapsed, .forceClosed, .drainDeadlineElapsed, .streamEmptied,
      .connectionLost, .startFailed, .exit, .wait:
      0
    }
  }

  private mutating func write(_ event: ExecutionEvent, at time: UInt64) -> Errno? {
    let place = end
    let sequence = count
    let error = withUnsafeTemporaryAllocation(byteCount: EventRecord.size, alignment: 8) { bytes in
      EventRecord(event).store(into: bytes, sequence: sequence, time: time)
      return FileCalls.write(UnsafeRawBufferPointer(bytes), to: file.raw, at: place).error
    }
    if let error { return error }
    if case .output(let stream, let range, _) = event {
      published[stream] = range.upperBound
      lastOutput = sequence
    }
    count += 1
    return nil
  }

  /// Trims and gives the descriptor and the lock back.
  mutating func close() {
    guard file.raw >= 0 else { return }
    FileCalls.trim(file.raw, to: end)
    file.close()
  }
}
