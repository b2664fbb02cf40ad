import ExecModel
import Journal

/// What the last records of a journal tell.
struct JournalSummary {
  /// Nanoseconds from the creation to the last record.
  private(set) var lastTime: UInt64 = 0
  /// How the process ended, when it has.
  private(set) var exited: ExitStatus?
  /// Nanoseconds from the creation to the terminal event.
  private(set) var end: UInt64?
  /// Bytes of each stream.
  private(set) var bytes = StreamCounts()
  private(set) var isEmptying = false
  /// Whether there is any record.
  let hasBegun: Bool

  /// Records that are looked at, at most, for how much each stream brought.
  private static let most: UInt64 = 1 << 16

  /// Reads from the end back to the exit, if there is one; of a distant one the journal has a note.
  ///
  /// - Throws: `JournalError` when records cannot be read.
  init(_ journal: JournalReader) throws {
    let count = journal.recordCount()
    hasBegun = count > 0
    if let exit = journal.distantExit() { take(exit) }
    for event in journal.noted(from: count) {
      lastTime = max(lastTime, event.time)
      take(event)
    }
    var length: UInt64 = 512
    repeat {
      let start = count - min(count, length)
      try read(journal, start..<count)
      if start == 0 || exited != nil || end != nil { return }
      length *= 8
    } while length <= Self.most
  }

  private mutating func read(_ journal: JournalReader, _ range: Range<UInt64>) throws {
    for record in try journal.records(from: range.lowerBound, limit: Int(range.upperBound - range.lowerBound)) {
      lastTime = max(lastTime, record.time)
      take(record)
    }
  }

  private mutating func take(_ record: RecordedEvent) {
    switch record.event {
    case .output(let stream, let range, _): bytes[stream] = max(bytes[stream], range.upperBound)
    case .exited(let status): exited = status
    case .exit(let conclusion): (end, bytes) = (record.time, conclusion.bytes)
    case .forceClosed, .drainDeadlineElapsed: isEmptying = exited != nil
    case .started, .endOfStream, .timeLimitElapsed, .streamEmptied, .connectionLost, .detached, .startFailed, .gap,
      .evicted, .stalled, .resumed, .recordLost, .wait:
      break
    }
  }
}
