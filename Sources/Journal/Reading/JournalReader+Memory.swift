public import ExecModel
import Linux
import SystemPackage

// The part of a record that is not on the disk, for readers in the writer's process.
extension JournalReader {
  /// Reads a stream that continues in memory; the disk's part only while no byte of the memory's part was evicted.
  ///
  /// Bytes that a failing disk does not return count as evicted, so that the reader can continue after them and report
  /// the gap.
  func readMemory(
    _ memory: MemoryFile, _ stream: ExecStream, at offset: UInt64, into buffer: UnsafeMutableRawBufferPointer
  ) -> ReadResult {
    let head = memory.bounds.head
    if offset >= memory.start || head > memory.start { return memory.read(at: max(offset, memory.start), into: buffer) }
    let part = UnsafeMutableRawBufferPointer(rebasing: buffer[..<Int(min(UInt64(buffer.count), memory.start - offset))])
    let first = header().heads[stream]
    let read = try? withFile(of: stream) { (file) throws(Errno) in
      try file.map { (file) throws(Errno) in try FileCalls.read(file, at: offset, into: part) }
    }
    guard let count = read ?? nil, count > 0 else { return .evicted(upTo: memory.start) }
    if first > offset { return .evicted(upTo: first) }
    guard count == part.count, part.count < buffer.count else { return .bytes(count) }
    // The read continues in memory, so that a requested range is returned whole.
    switch memory.read(at: memory.start, into: UnsafeMutableRawBufferPointer(rebasing: buffer[count...])) {
    case .bytes(let rest): return .bytes(count + rest)
    case .evicted(let head): return .evicted(upTo: head)
    }
  }

  /// The heads, replaced by those of the memory once bytes of it were evicted.
  func memoryHeader(_ header: JournalHeader) -> JournalHeader {
    var header = header
    for stream in ExecStream.allCases {
      guard let memory = writer?.memory[stream] else { continue }
      let head = memory.bounds.head
      if head > memory.start { header.heads[stream] = max(header.heads[stream], head) }
    }
    if let memory = writer?.memory.events, case let head = memory.bounds.head, head > memory.start {
      header.firstRecord = max(header.firstRecord, JournalHeader.recordCount(length: head))
    }
    return header
  }

  /// Reads whole records from a file offset on; nil when the caller must continue after records that are evicted or
  /// unreadable.
  ///
  /// - Throws: ``JournalError`` when the file of a record that is on the disk cannot be read.
  func readRecords(at place: UInt64, into buffer: UnsafeMutableRawBufferPointer) throws(JournalError) -> Int? {
    guard let memory = writer?.memory.events else { return try readEvents(at: place, into: buffer) / EventRecord.size }
    if place >= memory.start {
      guard case .bytes(let count) = memory.read(at: place, into: buffer) else { return nil }
      return count / EventRecord.size
    }
    let part = UnsafeMutableRawBufferPointer(rebasing: buffer[..<Int(min(UInt64(buffer.count), memory.start - place))])
    guard let count = try? readEvents(at: place, into: part), count > 0 else { return nil }
    return count / EventRecord.size
  }

  private func readEvents(
    at place: UInt64, into buffer: UnsafeMutableRawBufferPointer
  ) throws(JournalError) -> Int {
    let handle = try files()
    do throws(Errno) {
      return try handle.withEvents { (events) throws(Errno) in try FileCalls.read(events, at: place, into: buffer) }
    } catch {
      throw JournalError(errno: error, path: eventsPath, attempt: "read")
    }
  }

  /// The first record in memory; nil when there is none.
  var firstMemoryRecord: UInt64? { writer?.memory.events.map { JournalHeader.recordCount(length: $0.bounds.head) } }

  /// The notes about the record's end.
  func notes() -> JournalNotes {
    if let notes = writer?.memoryNotes { return notes }
    return withUnsafeTemporaryAllocation(byteCount: JournalNotes.size, alignment: 8) { bytes in
      let count = try? readEvents(at: UInt64(JournalNotes.offset), into: bytes)
      return count == bytes.count ? JournalNotes(UnsafeRawBufferPointer(bytes)) : JournalNotes()
    }
  }

  /// Where and why recording failed; nil when everything was recorded, or when the disk did not accept the note.
  public var recordLoss: RecordLoss? {
    guard case .recordLost(let loss)? = notes().loss?.event else { return nil }
    return loss
  }
}
