import ExecModel

/// What is noted in a journal's header page about its end: facts that no record has room for, or that no record could
/// take any more.
///
/// Three records of their own layout behind the copy of the exit (``JournalHeader/exitOffset``): the page is there from the
/// beginning, so that it can be written on a full disk and past a file-size limit. An older boxwatch passes them over.
struct JournalNotes: Hashable {
  /// Where the notes begin in the header page.
  static let offset = 128
  /// Bytes of the three.
  static let size = 3 * EventRecord.size

  /// Numbers of the records' kinds; those of events are below.
  private enum Kind {
    static let loss: UInt8 = 0x40
    static let cuts: UInt8 = 0x41
  }

  /// From where on the record is lost, with the number that its record would have had, and the time.
  var loss: RecordedEvent?
  /// Why streams were given up.
  var cuts: [ExecStream: StreamCut] = [:]
  /// The terminal event of a record that is lost.
  var end: RecordedEvent?

  /// Writes them, with zeros for a note that is not there.
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
    if !cuts.isEmpty {
      var record = EventRecord(kind: Kind.cuts)
      (record.first, record.second) = (cuts[.stdout]?.word ?? 0, cuts[.stderr]?.word ?? 0)
      record.store(into: slot(1), sequence: 0, time: 0)
    }
    if let end { EventRecord(end.event).store(into: slot(2), sequence: end.sequence, time: end.time) }
  }

  init() {}

  /// Reads them; what is damaged or not there is left out.
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

  /// A conclusion with what its record had no room for.
  func completing(_ conclusion: Conclusion) -> Conclusion {
    var conclusion = conclusion
    conclusion.cuts = cuts.filter { conclusion.outcome.truncated.contains($0.key) }
    if case .recordLost(let loss)? = loss?.event { conclusion.recordLoss = loss }
    return conclusion
  }
}

extension EventRecord {
  /// Puts a loss into the fields.
  mutating func put(_ loss: RecordLoss) {
    (code, failure) = (loss.errno, loss.isAccepted ? Self.flag : 0)
    (first, second) = (loss.offsets.stdout, loss.offsets.stderr)
  }

  /// The loss in the fields.
  var loss: RecordLoss {
    RecordLoss(
      errno: code, offsets: StreamCounts(stdout: first, stderr: second), isAccepted: failure & Self.flag != 0)
  }
}

extension StreamCut {
  /// A number in the low byte, and the process or the error above it; never 0.
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

  /// Reads ``word``; nil for one that says nothing, or something that only a later boxwatch knows.
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
