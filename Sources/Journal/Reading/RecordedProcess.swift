import ExecModel

/// The process of a command, as its record names it: so that it can be told from another that has its number now.
public struct RecordedProcess: Hashable, Sendable {
  /// Its number on the host, which leads its process group.
  public let processIdentifier: Int32
  /// When it began, at the earliest and at the latest: nanoseconds since this machine was started (CLOCK_BOOTTIME).
  public let began: ClosedRange<UInt64>

  /// What a clock may have stood still between the making of the journal and the start, in nanoseconds.
  private static let slack: UInt64 = 1_000_000_000

  /// Nil for a record without a number or a moment, and for one from before the machine's last start.
  init?(_ record: EventRecord, time: UInt64) {
    guard let event = record.event, case .started(processIdentifier: let identifier) = event, let number = identifier,
      number > 0,
      record.first > 0
    else { return nil }
    let boot = BootIdentifier(high: record.second, low: record.third)
    guard boot.isKnown, boot == .current else { return nil }
    processIdentifier = number
    // The journal is made before the process is, and the record is written after.
    began = (record.first - min(record.first, time &+ Self.slack))...record.first
  }
}

extension JournalReader {
  /// How far a record may be from the first one and still be looked at: the start is among the first.
  private static let reach: UInt64 = 16

  /// The command's process; nil when the record does not tell, or is from before the machine's last start.
  public func process() -> RecordedProcess? {
    var found: RecordedProcess?
    try? eachRecord(from: 0, blockOf: Int(Self.reach)) { number, time, record in
      found = RecordedProcess(record, time: time)
      return found == nil && number < Self.reach
    }
    return found
  }
}
