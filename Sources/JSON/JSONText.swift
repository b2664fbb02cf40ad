/// Quotes a string in JSON (RFC 8259, section 7); the only implementation in this program.
///
/// Beyond what the standard requires, it escapes every character that a terminal would obey or that
/// reorders displayed text: DEL, C1 (U+0080 to U+009F), separators and bidirectional controls. The
/// value stays exact, and the text is safe to show on a terminal.
package enum JSONText {
  private static let digits = Array("0123456789abcdef".utf8)

  /// Appends the text in quotation marks.
  package static func quote(_ text: String, into bytes: inout [UInt8]) {
    var text = text
    bytes.append(UInt8(ascii: "\""))
    text.withUTF8 { append($0, into: &bytes) }
    bytes.append(UInt8(ascii: "\""))
  }

  /// Copies unescaped bytes in one call.
  private static func append(_ text: UnsafeBufferPointer<UInt8>, into bytes: inout [UInt8]) {
    var start = 0
    var place = 0
    while place < text.count {
      let length = escapedLength(text, at: place)
      if length == 0 {
        place += 1
        continue
      }
      bytes.append(contentsOf: text[start..<place])
      escape(text[place..<place + length], into: &bytes)
      place += length
      start = place
    }
    bytes.append(contentsOf: text[start...])
  }

  /// The length of an escaped character at a place; 0 for one that is not escaped.
  private static func escapedLength(_ text: UnsafeBufferPointer<UInt8>, at place: Int) -> Int {
    switch text[place] {
    case 0..<0x20, 0x7F, UInt8(ascii: "\""), UInt8(ascii: "\\"): 1
    case 0xC2 where place + 1 < text.count && text[place + 1] < 0xA0: 2
    // U+061C, the Arabic letter mark.
    case 0xD8 where place + 1 < text.count && text[place + 1] == 0x9C: 2
    case 0xE2 where place + 2 < text.count && isDirecting(text[place + 1], text[place + 2]): 3
    default: 0
    }
  }

  /// Whether E2 and two more bytes are U+200E, U+200F, U+2028 to U+202E or U+2066 to U+2069.
  private static func isDirecting(_ second: UInt8, _ third: UInt8) -> Bool {
    switch second {
    case 0x80: (0x8E...0x8F).contains(third) || (0xA8...0xAE).contains(third)
    case 0x81: (0xA6...0xA9).contains(third)
    default: false
    }
  }

  private static func escape(_ character: Slice<UnsafeBufferPointer<UInt8>>, into bytes: inout [UInt8]) {
    switch character[character.startIndex] {
    case UInt8(ascii: "\""): bytes.append(contentsOf: "\\\"".utf8)
    case UInt8(ascii: "\\"): bytes.append(contentsOf: "\\\\".utf8)
    case UInt8(ascii: "\n"): bytes.append(contentsOf: "\\n".utf8)
    case UInt8(ascii: "\r"): bytes.append(contentsOf: "\\r".utf8)
    case UInt8(ascii: "\t"): bytes.append(contentsOf: "\\t".utf8)
    default:
      guard let scalar = String(decoding: character, as: UTF8.self).unicodeScalars.first else { return }
      bytes.append(contentsOf: "\\u".utf8)
      for shift in [12, 8, 4, 0] as [UInt32] { bytes.append(digits[Int((scalar.value >> shift) & 0xF)]) }
    }
  }
}

/// Base64 with padding (RFC 4648, section 4): how JSON text carries bytes that are not text.
package enum Base64 {
  private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  /// Encodes bytes.
  package static func encode(_ bytes: some Collection<UInt8>) -> String {
    var text: [UInt8] = []
    text.reserveCapacity((bytes.count + 2) / 3 * 4)
    var group: UInt32 = 0
    var count = 0
    for byte in bytes {
      group = group << 8 | UInt32(byte)
      count += 1
      if count % 3 == 0 { append(group, 4, &text) }
    }
    switch count % 3 {
    case 1: append(group << 16, 2, &text)
    case 2: append(group << 8, 3, &text)
    default: break
    }
    return String(decoding: text, as: UTF8.self)
  }

  private static func append(_ group: UInt32, _ digits: Int, _ text: inout [UInt8]) {
    for index in 0..<4 {
      text.append(index < digits ? alphabet[Int(group >> UInt32(18 - 6 * index) & 63)] : UInt8(ascii: "="))
    }
  }
}
