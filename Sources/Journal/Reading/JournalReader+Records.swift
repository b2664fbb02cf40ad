public import ExecModel
import Linux
import SystemPackage

extension JournalReader {
  /// The current number of whole records, including evicted ones.
  public func recordCount() -> UInt64 {
    if let memory = writer?.memory.events { return JournalHeader.recordCount(length: memory.bounds.end) }
    let length = try? files().withEvents { (events) throws(Errno) in try FileCalls.size(of: events).length }
    guard let length else { return 0 }
    return JournalHeader.recordCount(length: length)
  }

  /// Returns at most `limit` events from number `sequence` on, in order.
  ///
  /// Evicted records are left out: the first one returned is the oldest still kept. A torn last record is ignored.
  ///
  /// - Throws: ``JournalError`` when a record cannot be read or is invalid.
  public func records(from sequence: UInt64, limit: Int) throws(JournalError) -> [RecordedEvent] {
    var found: [RecordedEvent] = []
    guard limit > 0 else { return found }
    try eachRecord(from: sequence, blockOf: limit) { number, time, record in
      guard let event = record.event else { return false }
      found.append(RecordedEvent(sequence: number, time: time, event: complete(event)))
      return found.count < limit
    }
    return found
  }

  /// The terminal event completed with the notes; other events unchanged.
  private func complete(_ event: ExecutionEvent) -> ExecutionEvent {
    guard case .exit(let conclusion) = event, !conclusion.outcome.isComplete || writer?.memory.isUsed == true else {
      return event
    }
    return .exit(notes().completing(conclusion))
  }

  /// The exit of the process, once many records came after it; nil until then.
  ///
  /// It is available also when its record was evicted.
  public func distantExit() -> RecordedEvent? {
    withUnsafeTemporaryAllocation(byteCount: EventRecord.size, alignment: 8) { bytes in
      let count = try? files().withEvents { (events) throws(Errno) in
        try FileCalls.read(events, at: UInt64(JournalHeader.exitOffset), into: bytes)
      }
      guard count == bytes.count, let copy = EventRecord.loadCopy(UnsafeRawBufferPointer(bytes)),
        let event = copy.record.event
      else { return nil }
      return RecordedEvent(sequence: copy.sequence, time: copy.time, event: event)
    }
  }

  /// Calls `body` with the records from `sequence` on, until it returns false or there are no more.
  func eachRecord(
    from sequence: UInt64, blockOf count: Int = 1024,
    _ body: (_ number: UInt64, _ time: UInt64, _ record: EventRecord) -> Bool
  ) throws(JournalError) {
    let size = min(count, 1024) * EventRecord.size
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 8)
    defer { buffer.deallocate() }
    var next = max(sequence, header().firstRecord)
    while true {
      let end = try pass(from: &next, buffer, body)
      switch end {
      case .more: continue
      case .over: return
      case .unreadable: next = try placeAfter(unreadable: next)
      }
    }
  }

  private enum BlockEnd { case more, over, unreadable }

  /// Reads one block of records and calls `body` with each.
  private func pass(
    from next: inout UInt64, _ buffer: UnsafeMutableRawBufferPointer, _ body: (UInt64, UInt64, EventRecord) -> Bool
  ) throws(JournalError) -> BlockEnd {
    guard let place = JournalHeader.offset(of: next) else { return .over }
    guard let count = try readRecords(at: place, into: buffer) else { return .unreadable }
    let firstInMemory = firstMemoryRecord
    for index in 0..<count {
      let bytes = UnsafeRawBufferPointer(rebasing: buffer[(index * EventRecord.size)...])
      guard let (record, time) = EventRecord.load(bytes, sequence: next), record.event != nil else {
        return .unreadable
      }
      next += 1
      guard body(next - 1, time, record) else { return .over }
    }
    return count * EventRecord.size == buffer.count || count > 0 && next == firstInMemory ? .more : .over
  }

  /// Where to continue after an invalid record: after a hole that was punched meanwhile, or at the end of the file.
  private func placeAfter(unreadable number: UInt64) throws(JournalError) -> UInt64 {
    let first = header().firstRecord
    if first > number { return first }
    if let memory = firstMemoryRecord, memory > number { return memory }
    // A power failure may leave a page whose bytes never reached the disk; a kill at most a part of one record.
    let count = recordCount()
    if number &+ 64 >= count { return count }
    throw .damaged(eventsPath, attempt: "read", "record \(number) of \(count) is damaged")
  }

  var eventsPath: String { "\(directory.string)/\(JournalHeader.fileName)" }
}
