/// A check over a few words that tells a whole record from a torn, punched or foreign one.
///
/// It guards against accidents, not against people; every word is multiplied in with an odd constant (the golden
/// ratio's 64 bits), so that each bit of each word matters.
enum WordCheck {
  /// The check over the first `words` little-endian words.
  static func check(_ bytes: UnsafeRawBufferPointer, words: Int) -> UInt64 {
    var check: UInt64 = 0x626F_7877_6174_6368
    for index in 0..<words {
      let word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: index * 8, as: UInt64.self))
      check = (check ^ word) &* 0x9E37_79B9_7F4A_7C15
      check ^= check >> 29
    }
    return check
  }
}
