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
