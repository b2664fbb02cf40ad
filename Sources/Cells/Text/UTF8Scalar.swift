/// One step of UTF-8 decoding (RFC 3629; Unicode 17, table 3-7).
///
/// An ill-formed sequence is split as Unicode's "maximal subpart" practice says: the bytes that
/// could have started a scalar count as one unit, and decoding continues at the first byte that
/// could not belong to them.
enum UTF8Scalar {
  /// A complete scalar and its length in bytes.
  case scalar(Unicode.Scalar, length: Int)
  /// Ill-formed bytes, 1 to 3 of them.
  case bad(length: Int)

  /// Decodes at an index inside the bytes, where the first byte is not ASCII.
  static func decode(_ bytes: UnsafeBufferPointer<UInt8>, at index: Int) -> UTF8Scalar {
    let first = bytes[index]
    guard let shape = Shape(first) else { return .bad(length: 1) }
    var value = UInt32(first) & shape.mask
    for offset in 1..<shape.length {
      guard index + offset < bytes.count else { return .bad(length: offset) }
      let byte = bytes[index + offset]
      let allowed = offset == 1 ? shape.second : 0x80...0xBF
      guard allowed.contains(byte) else { return .bad(length: offset) }
      value = value << 6 | UInt32(byte & 0x3F)
    }
    guard let scalar = Unicode.Scalar(value) else { return .bad(length: 1) }
    return .scalar(scalar, length: shape.length)
  }

  /// The properties of a lead byte: the length, its payload bits, and the allowed second bytes.
  private struct Shape {
    var length: Int
    var mask: UInt32
    var second: ClosedRange<UInt8>

    init?(_ lead: UInt8) {
      switch lead {
      case 0xC2...0xDF: self.init(2, 0x1F, 0x80...0xBF)
      case 0xE0: self.init(3, 0x0F, 0xA0...0xBF)
      case 0xED: self.init(3, 0x0F, 0x80...0x9F)
      case 0xE1...0xEF: self.init(3, 0x0F, 0x80...0xBF)
      case 0xF0: self.init(4, 0x07, 0x90...0xBF)
      case 0xF1...0xF3: self.init(4, 0x07, 0x80...0xBF)
      case 0xF4: self.init(4, 0x07, 0x80...0x8F)
      default: return nil
      }
    }

    private init(_ length: Int, _ mask: UInt32, _ second: ClosedRange<UInt8>) {
      self.length = length
      self.mask = mask
      self.second = second
    }
  }
}
