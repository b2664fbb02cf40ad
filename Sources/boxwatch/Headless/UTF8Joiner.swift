/// Joins a stream's chunks so that a character cut by a chunk's edge is whole again.
struct UTF8Joiner {
  /// A piece of the stream: text where it is UTF-8, bytes where it is not.
  enum Piece: Equatable {
    case text(String)
    case bytes([UInt8])
  }

  /// The beginning of a character whose rest has not come; at most three bytes.
  private(set) var rest: [UInt8] = []

  /// Takes a chunk; returns what can be told now, or nil when it is only the beginning of a character.
  mutating func take(_ chunk: some Collection<UInt8>) -> Piece? {
    var bytes = rest + chunk
    rest = []
    if let text = String(validating: bytes, as: UTF8.self) { return bytes.isEmpty ? nil : .text(text) }
    let cut = Self.incompleteSuffix(bytes)
    guard cut > 0, let text = String(validating: bytes.dropLast(cut), as: UTF8.self) else { return .bytes(bytes) }
    rest = Array(bytes.suffix(cut))
    bytes.removeLast(cut)
    return bytes.isEmpty ? nil : .text(text)
  }

  /// What is left at the stream's end.
  mutating func finish() -> Piece? {
    defer { rest = [] }
    return rest.isEmpty ? nil : .bytes(rest)
  }

  /// How many bytes at the end begin a character that needs more bytes than there are.
  private static func incompleteSuffix(_ bytes: [UInt8]) -> Int {
    for count in 1...3 where bytes.count >= count {
      let byte = bytes[bytes.count - count]
      if byte & 0xC0 == 0x80 { continue }
      return length(ofCharacterBeginning: byte) > count ? count : 0
    }
    return 0
  }

  /// The bytes of a character by its first one (RFC 3629); 1 for a byte that begins none.
  private static func length(ofCharacterBeginning byte: UInt8) -> Int {
    switch byte {
    case 0xC2...0xDF: 2
    case 0xE0...0xEF: 3
    case 0xF0...0xF4: 4
    default: 1
    }
  }
}
