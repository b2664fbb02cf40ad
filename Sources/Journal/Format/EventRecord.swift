import ExecModel

/// A checksum over a few words that distinguishes a whole record from a torn, punched or foreign one.
///
/// It guards against accidents, not against attackers; every word is multiplied in with an odd constant (the golden
/// ratio's 64 bits), so that each bit of each word matters.
enum RecordChecksum {
  /// The checksum of the first `words` little-endian words.
  static func of(_ bytes: UnsafeRawBufferPointer, words: Int) -> UInt64 {
    var check: UInt64 = 0x626F_7877_6174_6368
    for index in 0..<words {
      let word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: index * 8, as: UInt64.self))
      check = (check ^ word) &* 0x9E37_79B9_7F4A_7C15
      check ^= check >> 29
    }
    return check
  }
}

/// One event as 64 bytes of the `events` file.
///
/// All numbers are little-endian: kind, stream, status, failure (one byte each), code (4 bytes), then seven words of 8
/// bytes: time, four values, the sequence number, and a checksum over all the others. 64 bytes hold the largest event
/// (the exit: status, four counts) in one record, so a record's position *is* its sequence number; and since 64 divides
/// the page size, no record crosses a page.
struct EventRecord: Hashable {
  /// Size of a record in bytes.
  static let size = 64

  var kind: UInt8
  /// The stream's number; in an exit the bits of the truncated set, and above them those of the unproven set.
  var stream: UInt8 = 0
  /// The kind of exit status; in output whether the last byte is a newline (1) or not (2), 0 where that is not known.
  var status: UInt8 = 0
  /// The start failure's number; ``flag`` for a known process ID or a core dump.
  var failure: UInt8 = 0
  var code: Int32 = 0
  var first: UInt64 = 0
  var second: UInt64 = 0
  var third: UInt64 = 0
  var fourth: UInt64 = 0

  /// The bit of ``failure`` that stores a Boolean.
  static let flag: UInt8 = 0x80

  /// Writes the record into 64 bytes.
  func store(into bytes: UnsafeMutableRawBufferPointer, sequence: UInt64, time: UInt64) {
    let small =
      UInt64(kind) | UInt64(stream) << 8 | UInt64(status) << 16 | UInt64(failure) << 24
      | UInt64(UInt32(bitPattern: code)) << 32
    let words = (small, time, first, second, third, fourth, sequence)
    var offset = 0
    func put(_ word: UInt64) {
      bytes.storeBytes(of: word.littleEndian, toByteOffset: offset, as: UInt64.self)
      offset += 8
    }
    put(words.0)
    put(words.1)
    put(words.2)
    put(words.3)
    put(words.4)
    put(words.5)
    put(words.6)
    put(RecordChecksum.of(UnsafeRawBufferPointer(bytes), words: 7))
  }

  /// Reads record number `sequence`; nil when the bytes are torn, punched or not a record.
  static func load(_ bytes: UnsafeRawBufferPointer, sequence: UInt64) -> (record: EventRecord, time: UInt64)? {
    guard bytes.count >= size, word(bytes, 6) == sequence, word(bytes, 7) == RecordChecksum.of(bytes, words: 7) else {
      return nil
    }
    let small = word(bytes, 0)
    let record = EventRecord(
      kind: UInt8(truncatingIfNeeded: small), stream: UInt8(truncatingIfNeeded: small >> 8),
      status: UInt8(truncatingIfNeeded: small >> 16), failure: UInt8(truncatingIfNeeded: small >> 24),
      code: Int32(truncatingIfNeeded: small >> 32), first: word(bytes, 2), second: word(bytes, 3),
      third: word(bytes, 4), fourth: word(bytes, 5))
    return (record, word(bytes, 1))
  }

  /// Reads a record that is not stored at the position of its number; nil as ``load(_:sequence:)``.
  static func loadCopy(_ bytes: UnsafeRawBufferPointer) -> (sequence: UInt64, record: EventRecord, time: UInt64)? {
    guard bytes.count >= size, let (record, time) = load(bytes, sequence: word(bytes, 6)) else { return nil }
    return (word(bytes, 6), record, time)
  }

  private static func word(_ bytes: UnsafeRawBufferPointer, _ index: Int) -> UInt64 {
    UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: index * 8, as: UInt64.self))
  }
}

extension EventRecord {
  /// Encodes a conclusion into the fields.
  mutating func put(_ conclusion: Conclusion) {
    put(conclusion.outcome.status)
    stream = conclusion.outcome.truncated.rawValue & 0x0F | conclusion.unproven.rawValue << 4
    (first, second) = (conclusion.bytes.stdout, conclusion.bytes.stderr)
    (third, fourth) = (conclusion.evicted.stdout, conclusion.evicted.stderr)
  }

  /// The conclusion in the fields.
  var conclusion: Conclusion? {
    guard let status = exitStatus else { return nil }
    return Conclusion(
      outcome: Outcome(status: status, truncated: StreamSet(rawValue: stream & 0x0F)),
      bytes: PerStream(stdout: first, stderr: second), evicted: PerStream(stdout: third, stderr: fourth),
      unproven: StreamSet(rawValue: stream >> 4))
  }

  /// Encodes a status into the fields.
  mutating func put(_ exit: ExitStatus) {
    switch exit {
    case .exited(let number): (status, code) = (1, number)
    case .signalled(let number, let dumped): (status, code, failure) = (2, number, dumped ? Self.flag : 0)
    case .timedOut: status = 3
    case .forceClosed: status = 4
    case .startFailed(let reason):
      status = 5
      put(reason)
    // Why there is none is stored in fields that older versions ignore.
    case .lost: status = 6
    case .detached: (status, failure) = (6, 1)
    case .unknown(let number): (status, code, failure) = (6, number, 2)
    }
  }

  /// The status in the fields.
  var exitStatus: ExitStatus? {
    switch status {
    case 1: .exited(code)
    case 2: .signalled(code, coreDumped: failure & Self.flag != 0)
    case 3: .timedOut
    case 4: .forceClosed
    case 5: startFailure.map(ExitStatus.startFailed)
    case 6: failure == 1 ? .detached : failure == 2 ? .unknown(code) : .lost
    default: nil
    }
  }

  /// Encodes a start failure into the fields.
  mutating func put(_ reason: StartFailure) {
    switch reason {
    case .notFound: failure = 1
    case .notExecutable: failure = 2
    case .badDirectory: failure = 3
    case .badName: failure = 4
    case .argumentListTooLong: failure = 5
    case .system(let number): (failure, code) = (6, number)
    case .box: failure = 7
    }
  }

  /// The start failure in the fields.
  var startFailure: StartFailure? {
    switch failure {
    case 1: .notFound
    case 2: .notExecutable
    case 3: .badDirectory
    case 4: .badName
    case 5: .argumentListTooLong
    case 6: .system(code)
    case 7: .box
    default: nil
    }
  }
}
