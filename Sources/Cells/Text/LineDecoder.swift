/// Converts the raw bytes of one line to cells; a program's output reaches the screen only through
/// this code.
///
/// Only SGR, carriage return, backspace and tab have an effect (P8). Its state is one index, one
/// style and the row.
struct LineDecoder {
  /// The maximum length of a control sequence that is decoded, ESC and final byte included.
  static let sequenceLimit = 64

  private let bytes: UnsafeBufferPointer<UInt8>
  private var index = 0
  private var row: GlyphRow
  private(set) var style: Style
  /// After the last backspace only a carriage return can bring text past the limit back into view.
  private lazy var lastBackspace = bytes.lastIndex(of: 0x08) ?? -1

  /// Creates a decoder for one line without its newline.
  init(_ bytes: UnsafeBufferPointer<UInt8>, style: Style, columnLimit: Int) {
    self.bytes = bytes
    self.style = style
    row = GlyphRow(limit: columnLimit)
  }

  /// Decodes all bytes and returns the cells.
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

  /// Moves to the next byte that matters beyond the column limit.
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

  /// Applies a complete SGR sequence; of any other sequence only the ESC is consumed, so that the
  /// rest is shown as text.
  private mutating func escape() {
    guard let end = endOfSGR() else {
      control()
      return
    }
    style.apply(SGRParameters(UnsafeBufferPointer(rebasing: bytes[index + 2..<end])))
    index = end + 1
  }

  /// The index of the final `m` if an SGR sequence starts here.
  private func endOfSGR() -> Int? {
    guard index + 2 < bytes.count, bytes[index + 1] == UInt8(ascii: "[") else { return nil }
    let stop = min(bytes.count, index + Self.sequenceLimit)
    // Digits, `:` and `;` are 0x30 to 0x3B; a private marker or an intermediate byte makes it
    // another function.
    guard let end = bytes[index + 2..<stop].firstIndex(where: { !(0x30...0x3B).contains($0) }) else { return nil }
    return bytes[end] == UInt8(ascii: "m") ? end : nil
  }
}
