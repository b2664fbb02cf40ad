public import ExecModel
import Glibc
import Linux
import SystemPackage

/// What an eviction removes: published under the execution's lock, carried out outside it.
public struct EvictionPlan: Hashable, Sendable {
  /// The events to publish, one for each stream that loses bytes.
  public let events: [ExecutionEvent]
  /// First kept offset of each stream.
  public let heads: PerStream<UInt64>
  /// Bytes removed from each stream by this plan; bytes that remain on the disk below a record in memory are not
  /// included.
  public let bytes: PerStream<UInt64>
  /// First kept record.
  let firstRecord: UInt64
}

extension EventsFile {
  /// The maximum number of records that one plan reads, because planning happens under the execution's lock.
  private static let planningLimit: UInt64 = 4096

  /// Whether the kept output or the records exceed their limits.
  func exceeds(_ limit: UInt64) -> Bool { retained > limit || hasTooManyRecords(limit) }

  private func hasTooManyRecords(_ limit: UInt64) -> Bool {
    (count - header.firstRecord) &* UInt64(EventRecord.size) > max(limit, recordAllowance)
  }

  /// The number of records to keep when there were too many: fewer than the limit, so that not each new record evicts
  /// one.
  private func keptRecords(_ limit: UInt64) -> UInt64 {
    max(limit, recordAllowance) / UInt64(EventRecord.size) / 4 &* 3
  }

  /// Chooses what to evict, and writes the new heads before anything is punched.
  mutating func planEviction(limit: UInt64, retainingFrom sequence: UInt64?) -> EvictionPlan? {
    let tooManyRecords = hasTooManyRecords(limit)
    guard retained > limit || tooManyRecords, file.raw >= 0 else { return nil }
    let goal = tooManyRecords ? 0 : limit - min(limit, min(max(limit / 16, 64 << 10), 64 << 20))
    var next = header
    let end = min(lastOutput, sequence ?? .max, tooManyRecords ? count - keptRecords(limit) : .max)
    for stream in ExecStream.allCases where tooManyRecords || gives(stream) {
      walk(stream, to: end, goal: goal, &next)
    }
    if tooManyRecords { next.firstRecord = max(header.firstRecord, min(cursors.stdout, cursors.stderr)) }
    return adopt(next)
  }

  /// Whether the stream keeps the larger part: a flood on one stream must not evict the few lines of the other.
  private func gives(_ stream: ExecStream) -> Bool {
    (published[stream] - header.heads[stream]) * 2 >= retained
  }

  /// Advances a stream's head over its oldest records until `goal` bytes are left in total.
  private mutating func walk(_ stream: ExecStream, to end: UInt64, goal: UInt64, _ next: inout JournalHeader) {
    let stop = min(end, cursors[stream] &+ Self.planningLimit)
    withUnsafeTemporaryAllocation(byteCount: 256 * EventRecord.size, alignment: 8) { buffer in
      while cursors[stream] < stop, published.total - next.heads.total > goal {
        let count = Int(clamping: min(256, stop - cursors[stream]))
        let block = UnsafeMutableRawBufferPointer(rebasing: buffer[..<(count * EventRecord.size)])
        guard step(stream, through: block, goal: goal, &next) else { return }
      }
    }
  }

  /// Reads one block of records; returns false when they cannot be read.
  private mutating func step(
    _ stream: ExecStream, through block: UnsafeMutableRawBufferPointer, goal: UInt64, _ next: inout JournalHeader
  ) -> Bool {
    guard let place = JournalHeader.offset(of: cursors[stream]), read(at: place, into: block) else { return false }
    for index in 0..<(block.count / EventRecord.size) where published.total - next.heads.total > goal {
      let bytes = UnsafeRawBufferPointer(rebasing: block[(index * EventRecord.size)...])
      guard let (record, _) = EventRecord.load(bytes, sequence: cursors[stream]) else { return false }
      if record.outputStream == stream { next.heads[stream] = max(next.heads[stream], record.second) }
      cursors[stream] += 1
    }
    return true
  }

  private func read(at place: UInt64, into block: UnsafeMutableRawBufferPointer) -> Bool {
    if let memory { return memory.read(at: place, into: block) == .bytes(block.count) }
    return (try? FileCalls.read(file.raw, at: place, into: block)) == block.count
  }

  /// Adopts the new heads; nil when nothing changed or the disk refused them.
  private mutating func adopt(_ next: JournalHeader) -> EvictionPlan? {
    guard next != header else { return nil }
    let error = memory == nil ? write(next) : nil
    guard error == nil else { return nil }
    let before = header.heads
    header = next
    let streams = ExecStream.allCases.filter { next.heads[$0] > before[$0] }
    let events = streams.map { ExecutionEvent.evicted($0, upTo: next.heads[$0]) }
    let bytes = PerStream<UInt64>(stdout: next.heads.stdout - before.stdout, stderr: next.heads.stderr - before.stderr)
    return EvictionPlan(events: events, heads: next.heads, bytes: bytes, firstRecord: next.firstRecord)
  }

  private func write(_ next: JournalHeader) -> Errno? {
    withUnsafeTemporaryAllocation(byteCount: JournalHeader.headsSize, alignment: 8) { bytes in
      next.storeHeads(into: bytes)
      let place = UInt64(JournalHeader.headsOffset)
      return FileCalls.write(UnsafeRawBufferPointer(bytes), to: file.raw, at: place).error
    }
  }

  /// Releases the disk space of all whole pages of records below `record`.
  mutating func punch(upTo record: UInt64) {
    guard let end = JournalHeader.offset(of: record), file.raw >= 0 else { return }
    if let memory { return memory.release(upTo: end) }
    let boundary = end & ~4095
    guard boundary > punched else { return }
    if FileCalls.punch(file.raw, from: punched, to: boundary) == nil { punched = boundary }
  }
}
