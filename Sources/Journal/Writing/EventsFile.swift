import ExecModel
import Glibc
import Linux
import SystemPackage

/// The append side of the `events` file.
///
/// Space for the next records is reserved ahead, and its last part is kept for the events of the end, so that a full
/// disk cannot prevent an execution from ending; ``Reserve`` divides the space.
struct EventsFile: ~Copyable {
  /// Bytes of reserved space that must stay free after an event, by kind of event.
  ///
  /// A short execution has one page for all its records (it costs nothing beyond the page that the first record takes);
  /// a longer one has space for many waiters.
  struct Reserve {
    /// Only the end may use the last bytes: an exit, and 31 or 255 waits.
    let final: UInt64
    /// After a notice the space of the end stays free.
    var notice: UInt64 { final }
    /// After output there is also space for notices.
    var output: UInt64 { final / 4 + final }
    /// Output is not taken when there is less: two streams may be about to record theirs.
    var store: UInt64 { final / 2 + final }

    static let short = Reserve(final: 32 * 64)
    static let long = Reserve(final: 256 * 64)
  }

  /// Bytes reserved when the file is created: the header and one page of records.
  static let firstReservation = 2 * UInt64(JournalHeader.size)

  /// Records may take as many bytes as output, and at least this many, before they are evicted.
  static let recordAllowance: UInt64 = 64 << 20

  private var ownAllowance: UInt64
  /// Bytes that records may take; in memory as many as output.
  var recordAllowance: UInt64 { memory.map { min(ownAllowance, $0.limit) } ?? ownAllowance }
  var file: Descriptor
  /// Where records are kept after the disk is given up.
  private(set) var memory: MemoryFile?
  /// The notes about the end in the header.
  private(set) var notes = JournalNotes()
  private(set) var count: UInt64 = 0
  var header = JournalHeader()
  /// The file offset up to which disk space is reserved.
  private(set) var reserved: UInt64 = 0
  private(set) var canReserve = true
  private var reserve = Reserve.short
  private(set) var published = PerStream<UInt64>()
  private(set) var lastOutput: UInt64 = 0
  /// The exit of the process, until it is copied into the header.
  private var exit: Exit?
  /// For each stream: every output record below this is evicted.
  var cursors = PerStream<UInt64>()
  var punched = UInt64(JournalHeader.size)

  /// The event that the process exited, and its position.
  struct Exit {
    let event: ExecutionEvent
    let sequence: UInt64
    let time: UInt64

    /// The number of records after it that lists read; beyond that, a copy in the header records the exit.
    static let reach: UInt64 = 256
  }

  /// Takes over a new, empty, locked file and writes its header.
  init(_ file: consuming Descriptor, recordAllowance: UInt64) throws(Errno) {
    self.file = file
    ownAllowance = recordAllowance
    if let error = grow(to: Self.firstReservation) { throw error }
    let error = withUnsafeTemporaryAllocation(byteCount: JournalHeader.size, alignment: 8) { page in
      page.initializeMemory(as: UInt8.self, repeating: 0)
      header.store(into: page)
      return FileCalls.write(UnsafeRawBufferPointer(page), to: self.file.raw, at: 0).error
    }
    if let error { throw error }
  }

  /// The offset of the next record.
  var end: UInt64 { UInt64(JournalHeader.size) &+ count &* UInt64(EventRecord.size) }

  /// Bytes of reserved space; unlimited where the disk cannot reserve.
  var spare: UInt64 { canReserve ? reserved - min(reserved, end) : .max }

  /// Bytes of output that are still kept.
  var retained: UInt64 { published.total - header.heads.total }

  /// Whether there is space for the record of a chunk that is about to be stored.
  var hasRoom: Bool { spare >= reserve.store }

  /// Reserves space for output; returns the error if that fails.
  mutating func makeRoom() -> Errno? {
    guard !hasRoom else { return nil }
    if let error = grow(to: end &+ min(max(2 * Reserve.long.store, end), 1 << 20)) { return error }
    reserve = .long
    return nil
  }

  private mutating func grow(to goal: UInt64) -> Errno? {
    guard canReserve, file.raw >= 0 else { return file.raw < 0 ? Errno(rawValue: EBADF) : nil }
    guard let error = FileCalls.reserve(file.raw, from: reserved, to: goal) else {
      reserved = goal
      return nil
    }
    guard error == Errno(rawValue: EOPNOTSUPP) || error == Errno(rawValue: ENOSYS) else { return error }
    canReserve = false
    return nil
  }

  /// Appends one record, or returns why nothing was written.
  mutating func append(_ event: ExecutionEvent, at time: UInt64) -> Errno? {
    let need = needed(behind: event)
    let error = makeRoom()
    if let error, spare < need &+ UInt64(EventRecord.size) { return error }
    return write(event, at: time)
  }

  /// The space that must stay free after an event.
  private func needed(behind event: ExecutionEvent) -> UInt64 {
    switch event {
    case .started, .output: reserve.output
    case .gap, .evicted, .stalled, .resumed, .recordLost: reserve.notice
    case .endOfStream, .exited, .timeLimitElapsed, .forceClosed, .drainDeadlineElapsed, .streamEmptied,
      .connectionLost, .detached, .startFailed, .exit, .wait:
      0
    }
  }

  private mutating func write(_ event: ExecutionEvent, at time: UInt64) -> Errno? {
    let place = end
    let sequence = count
    note(event, sequence, time)
    let error = withUnsafeTemporaryAllocation(byteCount: EventRecord.size, alignment: 8) { bytes -> Errno? in
      var record = EventRecord(event)
      if case .started(processIdentifier: .some) = event { record.note(.now) }
      record.store(into: bytes, sequence: sequence, time: time)
      let bytes = UnsafeRawBufferPointer(bytes)
      guard let memory else { return FileCalls.write(bytes, to: file.raw, at: place).error }
      return memory.append(bytes) < bytes.count ? .resourceTemporarilyUnavailable : nil
    }
    if let error { return error }
    if case .output(let stream, let range, _, _) = event {
      published[stream] = range.upperBound
      lastOutput = sequence
    }
    count += 1
    noteExit(event, sequence, time)
    return nil
  }

  /// Copies an exit into the header when many records came after it: a holder of a stream may write for days.
  private mutating func noteExit(_ event: ExecutionEvent, _ sequence: UInt64, _ time: UInt64) {
    if case .exited = event { exit = Exit(event: event, sequence: sequence, time: time) }
    guard memory == nil, let exit, count >= exit.sequence &+ Exit.reach else { return }
    let error = withUnsafeTemporaryAllocation(byteCount: EventRecord.size, alignment: 8) { bytes in
      EventRecord(exit.event).store(into: bytes, sequence: exit.sequence, time: exit.time)
      return FileCalls.write(UnsafeRawBufferPointer(bytes), to: file.raw, at: UInt64(JournalHeader.exitOffset)).error
    }
    if error == nil { self.exit = nil }
  }

  /// Trims the file, releases the lock and closes the descriptor.
  ///
  /// The descriptor of a record that continued in memory stays open, because readers need it.
  mutating func close() {
    guard file.raw >= 0 else { return }
    // Trimming costs as much as creating a file: skip it for the rest of the page that every journal takes.
    // Records in memory have the numbers after those of the file, and no position in it.
    let length = memory?.start ?? end
    if reserved > max(Self.firstReservation, length &+ 4095) { FileCalls.trim(file.raw, to: length) }
    // A child between fork and exec has a copy of the descriptor, which would keep the lock after the close.
    FileLock.release(file.raw)
    if memory == nil { file.close() }
  }
}

// MARK: - After the disk is given up

extension EventsFile {
  /// Whether the file was deleted while open.
  var isDeleted: Bool { memory == nil && file.raw >= 0 && FileCalls.linkCount(of: file.raw) == 0 }

  /// Keeps later records in memory, where they are evicted as on a separate disk; calling it again does nothing.
  ///
  /// Returns what is recorded of each stream.
  mutating func leaveDisk(for record: MemoryRecord) -> PerStream<UInt64> {
    guard memory == nil else { return published }
    memory = record.beginEvents(at: end)
    // What is on the disk stays there; from here on only what is in memory counts.
    (header.heads, header.firstRecord, cursors) = (published, count, PerStream<UInt64>(stdout: count, stderr: count))
    canReserve = false
    return published
  }

  /// Gives up all but the newest records and returns what is still kept, so that the caller can release the rest; nil
  /// for a record that is on the disk.
  mutating func shrink() -> (heads: PerStream<UInt64>, firstRecord: UInt64)? {
    guard memory != nil else { return nil }
    ownAllowance = MemoryRecord.remnant
    while planEviction(limit: MemoryRecord.remnant, retainingFrom: nil) != nil {}
    return (header.heads, header.firstRecord)
  }

  /// Notes in the header what cannot be recorded; if the disk refuses that too, the journal reads as interrupted.
  private mutating func note(_ event: ExecutionEvent, _ sequence: UInt64, _ time: UInt64) {
    let recorded = RecordedEvent(sequence: sequence, time: time, event: event)
    switch event {
    case .recordLost: notes.loss = recorded
    case .exit(let conclusion) where memory != nil || conclusion.cuts != [:]:
      notes.cuts = conclusion.cuts
      if memory != nil { notes.end = recorded }
    default: return
    }
    withUnsafeTemporaryAllocation(byteCount: JournalNotes.size, alignment: 8) { bytes in
      notes.store(into: bytes)
      _ = FileCalls.write(UnsafeRawBufferPointer(bytes), to: file.raw, at: UInt64(JournalNotes.offset))
    }
  }
}
