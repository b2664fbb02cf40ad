/// Turns the raw bytes of one line into cells; the only code that a program's output passes on its way to the screen.
///
/// Only SGR, carriage return, backspace and tab have an effect (P8). Its state is one index, one style and the row.
struct LineDecoder {
  /// Longest control sequence that is looked at, ESC and final byte included.
  static let sequenceLimit = 64

  private let bytes: UnsafeBufferPointer<UInt8>
  private var index = 0
  private var row: GlyphRow
  private(set) var style: Style
  /// Behind the last backspace nothing past the limit can come back into sight, but by a carriage return.
  private lazy var lastBackspace = bytes.lastIndex(of: 0x08) ?? -1

  /// Decodes the bytes of one line without its newline.
  init(_ bytes: UnsafeBufferPointer<UInt8>, style: Style, columnLimit: Int) {
    self.bytes = bytes
    self.style = style
    row = GlyphRow(limit: columnLimit)
  }

  /// Decodes all bytes and gives the cells.
  mutating func decode() -> [Cell] {
    while index < bytes.count {
      if row.isPastLimit, index > lastBackspace { skim() }
      guard index < bytes.count else { break }
      switch bytes[index] {
      case 0x20...0x7E: printable()
      case 0x80...: multibyte()
      case 0x1B: escape()
      case 0x09: step { $0.tab() }
      case 0x0D: step { $0.carriageReturn() }
      case 0x08: step { $0.backspace() }
      default: control()
      }
    }
    return row.cells
  }

  private mutating func step(_ move: (inout GlyphRow) -> Void) {
    move(&row)
    index += 1
  }

  /// Goes to the next byte that still matters when the columns do not.
  private mutating func skim() {
    while index < bytes.count, bytes[index] != 0x1B, bytes[index] != 0x0D { index += 1 }
  }

  private mutating func printable() {
    var end = index + 1
    while end < bytes.count, bytes[end] &- 0x20 < 0x5F { end += 1 }
    row.set(ascii: bytes[index..<end], style)
    index = end
  }

  private mutating func multibyte() {
    switch UTF8Scalar.decode(bytes, at: index) {
    case .scalar(let scalar, let length):
      row.set(scalar, style)
      index += length
    case .bad(let length):
      for byte in bytes[index..<index + length] { row.set(badByte: byte, style) }
      index += length
    }
  }

  private mutating func control() {
    row.show(Unicode.Scalar(bytes[index]), style)
    index += 1
  }

  /// Obeys a whole SGR sequence; of any other only the ESC is taken, so that all the rest shows as the text it is.
  private mutating func escape() {
    guard let end = endOfSGR() else {
      control()
      return
    }
    style.apply(SGRParameters(UnsafeBufferPointer(rebasing: bytes[index + 2..<end])))
    index = end + 1
  }

  /// The index of the final `m` when an SGR sequence begins here.
  private func endOfSGR() -> Int? {
    guard index + 2 < bytes.count, bytes[index + 1] == UInt8(ascii: "[") else { return nil }
    let stop = min(bytes.count, index + Self.sequenceLimit)
    // Digits, `:` and `;` are 0x30 to 0x3B; a private marker or an intermediate byte makes it another function.
    guard let end = bytes[index + 2..<stop].firstIndex(where: { !(0x30...0x3B).contains($0) }) else { return nil }
    return bytes[end] == UInt8(ascii: "m") ? end : nil
  }
}
