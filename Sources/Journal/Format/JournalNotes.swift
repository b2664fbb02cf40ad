import ExecModel

/// The notes about the end in a journal's header page: facts that do not fit into a record, or that could not be
/// recorded any more.
///
/// Three records with a layout of their own, after the copy of the exit (``JournalHeader/exitOffset``). The page exists
/// from the beginning, so it can be written on a full disk and past a file-size limit. Older versions ignore the notes.
struct JournalNotes: Hashable {
  /// Offset of the notes in the header page.
  static let offset = 128
  /// Size of the three notes in bytes.
  static let size = 3 * EventRecord.size

  /// The kinds of these records; event kinds have lower numbers.
  private enum Kind {
    static let loss: UInt8 = 0x40
    static let cuts: UInt8 = 0x41
  }

  /// The loss of the record, with the sequence number and time that its record would have had.
  var loss: RecordedEvent?
  /// Why streams were given up.
  var cuts: PerStream<StreamCut?> = [:]
  /// The terminal event of a lost record.
  var end: RecordedEvent?

  /// Writes the notes, with zeros for absent ones.
  func store(into bytes: UnsafeMutableRawBufferPointer) {
    bytes.initializeMemory(as: UInt8.self, repeating: 0)
    func slot(_ index: Int) -> UnsafeMutableRawBufferPointer {
      UnsafeMutableRawBufferPointer(rebasing: bytes[(index * EventRecord.size)...])
    }
    if let loss, case .recordLost(let value) = loss.event {
      var record = EventRecord(kind: Kind.loss)
      record.put(value)
      record.store(into: slot(0), sequence: loss.sequence, time: loss.time)
    }
    if cuts != [:] {
      var record = EventRecord(kind: Kind.cuts)
      (record.first, record.second) = (cuts[.stdout]?.word ?? 0, cuts[.stderr]?.word ?? 0)
      record.store(into: slot(1), sequence: 0, time: 0)
    }
    if let end { EventRecord(end.event).store(into: slot(2), sequence: end.sequence, time: end.time) }
  }

  init() {}

  /// Reads the notes; damaged or absent ones are left out.
  init(_ bytes: UnsafeRawBufferPointer) {
    guard bytes.count >= Self.size else { return }
    func slot(_ index: Int) -> (sequence: UInt64, record: EventRecord, time: UInt64)? {
      EventRecord.loadCopy(UnsafeRawBufferPointer(rebasing: bytes[(index * EventRecord.size)...]))
    }
    if let note = slot(0), note.record.kind == Kind.loss {
      loss = RecordedEvent(sequence: note.sequence, time: note.time, event: .recordLost(note.record.loss))
    }
    if let note = slot(1), note.record.kind == Kind.cuts {
      cuts[.stdout] = StreamCut(word: note.record.first)
      cuts[.stderr] = StreamCut(word: note.record.second)
    }
    if let note = slot(2), note.record.isExit, let event = note.record.event {
      end = RecordedEvent(sequence: note.sequence, time: note.time, event: event)
    }
  }

  /// A conclusion completed with what did not fit into its record.
  func completing(_ conclusion: Conclusion) -> Conclusion {
    var conclusion = conclusion
    conclusion.cuts = cuts.limited(to: conclusion.outcome.truncated)
    if case .recordLost(let loss)? = loss?.event { conclusion.recordLoss = loss }
    return conclusion
  }
}

extension EventRecord {
  /// Encodes a loss into the fields.
  mutating func put(_ loss: RecordLoss) {
    (code, failure) = (loss.errno, loss.isAccepted ? Self.flag : 0)
    (first, second) = (loss.offsets.stdout, loss.offsets.stderr)
  }

  /// The loss in the fields.
  var loss: RecordLoss {
    RecordLoss(
      errno: code, offsets: PerStream<UInt64>(stdout: first, stderr: second), isAccepted: failure & Self.flag != 0)
  }
}

extension StreamCut {
  /// The case's number in the low byte, and the process ID or error number above it; never 0.
  var word: UInt64 {
    let (number, value): (UInt64, Int32?) =
      switch self {
      case .held(let holder): (1, holder)
      case .forced: (2, nil)
      case .unreadable(let error): (3, error)
      case .unwritable(let error): (4, error)
      case .connectionLost: (5, nil)
      case .detached: (6, nil)
      }
    return number | (value.map { UInt64(UInt32(bitPattern: $0)) << 8 | 1 << 40 } ?? 0)
  }

  /// Decodes ``word``; nil for 0 and for numbers that only a later version defines.
  init?(word: UInt64) {
    let number = Int32(truncatingIfNeeded: word >> 8)
    switch word & 0xFF {
    case 1: self = .held(by: word & 1 << 40 == 0 ? nil : number)
    case 2: self = .forced
    case 3: self = .unreadable(number)
    case 4: self = .unwritable(number)
    case 5: self = .connectionLost
    case 6: self = .detached
    default: return nil
    }
  }
}
