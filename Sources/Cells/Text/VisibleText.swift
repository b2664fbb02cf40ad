/// How what must not reach a terminal is written instead, in plain ASCII: `^[`, `<202E>`, `\x9b`.
enum VisibleText {
  private static let digits: [UInt8] = Array("0123456789ABCDEF".utf8)

  /// Gives the ASCII characters that stand for a hostile scalar, in order.
  ///
  /// C0 and DEL in caret notation, as `cat -v` and `less` write them; all others as their number.
  static func forEach(of scalar: Unicode.Scalar, _ body: (UInt8) -> Void) {
    let value = scalar.value
    if value < 0x20 || value == 0x7F {
      body(UInt8(ascii: "^"))
      body(UInt8(truncatingIfNeeded: value ^ 0x40))
      return
    }
    body(UInt8(ascii: "<"))
    var shift: UInt32 = value > 0xFFFFF ? 20 : value > 0xFFFF ? 16 : 12
    while true {
      body(digits[Int((value >> shift) & 0xF)])
      if shift == 0 { break }
      shift -= 4
    }
    body(UInt8(ascii: ">"))
  }

  /// Gives the four ASCII characters that stand for a byte that is no part of valid UTF-8.
  static func forEach(ofBadByte byte: UInt8, _ body: (UInt8) -> Void) {
    body(UInt8(ascii: "\\"))
    body(UInt8(ascii: "x"))
    for nibble in [byte >> 4, byte & 0xF] {
      body(nibble < 10 ? 0x30 + nibble : 0x57 + nibble)
    }
  }
}
