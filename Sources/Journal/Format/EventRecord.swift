import ExecModel

/// One event as 64 bytes of the `events` file.
///
/// All numbers are little-endian: kind, stream, status, failure (one byte each), code (4 bytes), then seven words of 8
/// bytes: time, four values, the sequence number, and a check over all the others. 64 bytes hold the largest event (the
/// exit: status, four counts) in one record, so a record's place *is* its sequence number; and since 64 divides a page,
/// no record crosses one.
struct EventRecord: Hashable {
  /// Bytes of a record.
  static let size = 64

  var kind: UInt8
  /// The stream's number; in an exit the bits of the truncated set, and of the unproven one above them.
  var stream: UInt8 = 0
  var status: UInt8 = 0
  /// The start failure's number; ``flag`` for a known process number or a core dump.
  var failure: UInt8 = 0
  var code: Int32 = 0
  var first: UInt64 = 0
  var second: UInt64 = 0
  var third: UInt64 = 0
  var fourth: UInt64 = 0

  /// The bit of ``failure`` that says yes.
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
    put(WordCheck.check(UnsafeRawBufferPointer(bytes), words: 7))
  }

  /// Reads record number `sequence`; nil when the bytes are torn, punched or no record at all.
  static func load(_ bytes: UnsafeRawBufferPointer, sequence: UInt64) -> (record: EventRecord, time: UInt64)? {
    guard bytes.count >= size, word(bytes, 6) == sequence, word(bytes, 7) == WordCheck.check(bytes, words: 7) else {
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

  /// Reads a record that stands elsewhere than its number says; nil as ``load(_:sequence:)``.
  static func loadCopy(_ bytes: UnsafeRawBufferPointer) -> (sequence: UInt64, record: EventRecord, time: UInt64)? {
    guard bytes.count >= size, let (record, time) = load(bytes, sequence: word(bytes, 6)) else { return nil }
    return (word(bytes, 6), record, time)
  }

  private static func word(_ bytes: UnsafeRawBufferPointer, _ index: Int) -> UInt64 {
    UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: index * 8, as: UInt64.self))
  }
}
