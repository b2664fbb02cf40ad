/// One line of a program's output as cells.
public struct StyledLine: Hashable, Sendable {
  /// The cells from the first column; a wide glyph is followed by its ``Cell/continuation(_:)``.
  public var cells: [Cell]
  /// The style at the start of the next line.
  public var endStyle: Style

  /// The maximum number of bytes of one line that are examined.
  public static let byteLimit = 256 * 1024

  /// Creates a line from its parts.
  public init(cells: [Cell] = [], endStyle: Style = .plain) {
    self.cells = cells
    self.endStyle = endStyle
  }

  /// Decodes the raw bytes of one line, with or without its newline.
  ///
  /// Output is untrusted (P8): only SGR is applied; `\r` moves to column 0 and `\b` one to the
  /// left, and following text overwrites; a tab moves to the next multiple of eight. Every other
  /// control byte, every other escape sequence, bidi and invisible scalars and invalid UTF-8 become
  /// visible text in a marked style: `^[`, `<202E>`, `\x9b`. For an ill-formed sequence each byte
  /// of its maximal subpart is shown as `\xNN`.
  ///
  /// The work is bounded: no more than `columnLimit` cells, and no more than ``byteLimit`` bytes
  /// are examined. Of a longer line that is the beginning, or, when there is a `\r` near the end (a
  /// progress bar), what follows it.
  ///
  /// - Parameters:
  ///   - bytes: one line; a final newline is dropped, any other is shown as `^J`.
  ///   - style: the ``endStyle`` of the previous line.
  ///   - columnLimit: the maximum number of columns kept.
  public static func decode(
    _ bytes: some Collection<UInt8>, style: Style = .plain, columnLimit: Int = 4096
  ) -> StyledLine {
    bytes.withContiguousStorageIfAvailable { decode($0, style, columnLimit) }
      ?? Array(bytes).withUnsafeBufferPointer { decode($0, style, columnLimit) }
  }

  private static func decode(_ bytes: UnsafeBufferPointer<UInt8>, _ style: Style, _ columnLimit: Int) -> StyledLine {
    var decoder = LineDecoder(relevant(bytes), style: style, columnLimit: columnLimit)
    let cells = decoder.decode()
    return StyledLine(cells: cells, endStyle: decoder.style)
  }

  /// The bytes of a line that are examined.
  private static func relevant(_ bytes: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
    let line = bytes.last == 0x0A ? bytes.dropLast() : bytes[...]
    guard line.count > byteLimit else { return UnsafeBufferPointer(rebasing: line) }
    let tail = line.suffix(byteLimit)
    let body = tail.last == 0x0D ? tail.dropLast() : tail
    if let start = body.firstIndex(of: 0x0D) { return UnsafeBufferPointer(rebasing: body[start...]) }
    return UnsafeBufferPointer(rebasing: line.prefix(byteLimit))
  }
}

extension StyledLine {
  /// The cells of each screen row when the line is wrapped at a width; a wide glyph is never split.
  ///
  /// An empty line has one empty row. At a width below 2 a wide glyph still gets a row.
  public func wrap(width: Int) -> [Range<Int>] {
    guard width > 0, cells.count > width else { return [0..<cells.count] }
    var rows: [Range<Int>] = []
    var start = 0
    while start < cells.count {
      let end = rowEnd(start, width)
      rows.append(start..<end)
      start = end
    }
    return rows
  }

  private func rowEnd(_ start: Int, _ width: Int) -> Int {
    guard cells.count - start > width else { return cells.count }
    var end = start + width
    if cells[end].width == 0 { end -= 1 }
    return end > start ? end : min(cells.count, start + 2)
  }
}
