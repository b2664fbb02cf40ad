public import ExecModel
import SystemPackage

// The part of a record that its disk did not take, for readers in its writer's process.
extension JournalReader {
  /// Reads a stream that goes on in memory: the disk's part as long as nothing of the memory's was evicted.
  ///
  /// What a failing disk does not give back counts as evicted, so that the reader goes on behind it and can say so.
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
    // A read goes over the seam: who asks for a range gets it whole.
    switch memory.read(at: memory.start, into: UnsafeMutableRawBufferPointer(rebasing: buffer[count...])) {
    case .bytes(let rest): return .bytes(count + rest)
    case .evicted(let head): return .evicted(upTo: head)
    }
  }

  /// The heads with those of the memory, once something of it was evicted.
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

  /// Reads whole records from a place in the file on; nil where something else is to be read next: behind what is evicted
  /// or cannot be read.
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

  /// The first record that is in memory; nil when none is.
  var firstMemoryRecord: UInt64? { writer?.memory.events.map { JournalHeader.recordCount(length: $0.bounds.head) } }

  /// What is noted of the record's end.
  func notes() -> JournalNotes {
    if let notes = writer?.memoryNotes { return notes }
    return withUnsafeTemporaryAllocation(byteCount: JournalNotes.size, alignment: 8) { bytes in
      let count = try? readEvents(at: UInt64(JournalNotes.offset), into: bytes)
      return count == bytes.count ? JournalNotes(UnsafeRawBufferPointer(bytes)) : JournalNotes()
    }
  }

  /// From where on the record is lost, and why; nil for one that has everything, or whose disk took no note of it.
  public var recordLoss: RecordLoss? {
    guard case .recordLost(let loss)? = notes().loss?.event else { return nil }
    return loss
  }
}
