/// Where output may be cut into frames: clients decode each frame on its own as lossy UTF-8.
public enum FrameCut {
  /// Payload bytes of a frame at most: 64 KiB.
  public static let maximum = 65_536

  /// How many of the first bytes may be sent without cutting the character at their end in two.
  ///
  /// At most three bytes are kept back, and only if they begin a character that the next bytes could complete; bytes that
  /// are no UTF-8 are never kept back. 0 when all of them are such a beginning.
  public static func length(_ bytes: UnsafeRawBufferPointer) -> Int {
    let count = bytes.count
    for back in 1...3 where back <= count {
      let byte = bytes[count - back]
      // A continuation byte: the beginning stands further left.
      if byte & 0xC0 == 0x80 { continue }
      return expected(byte) > back && isPossible(byte, bytes[(count - back + 1)...]) ? count - back : count
    }
    return count
  }

  /// Bytes of the character that `first` begins; 1 for ASCII and for what begins none (RFC 3629).
  private static func expected(_ first: UInt8) -> Int {
    switch first {
    case 0xC2...0xDF: 2
    case 0xE0...0xEF: 3
    case 0xF0...0xF4: 4
    default: 1
    }
  }

  /// Whether the second byte, if it is there, can follow the first (RFC 3629, section 4).
  private static func isPossible(_ first: UInt8, _ rest: Slice<UnsafeRawBufferPointer>) -> Bool {
    guard let second = rest.first else { return true }
    switch first {
    case 0xE0: return second >= 0xA0
    case 0xED: return second <= 0x9F
    case 0xF0: return second >= 0x90
    case 0xF4: return second <= 0x8F
    default: return true
    }
  }
}
