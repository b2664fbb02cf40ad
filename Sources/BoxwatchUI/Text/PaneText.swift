import Cells
import ExecModel

/// One screen row of a pane.
struct PaneRow: Hashable, Sendable {
  /// The kind of a row.
  enum Kind: Hashable, Sendable {
    /// The program's output; `continues` when the line started in an earlier row or piece.
    case text(continues: Bool)
    /// A mark that this many bytes were evicted before this place.
    case gap(UInt64)
    /// A mark that bytes are missing here, or may be.
    case missing(OutputGap)
    /// A line of boxwatch's message after the output.
    case meta(line: Int)
  }

  /// Its position.
  var anchor: TextAnchor
  /// Its kind.
  var kind: Kind
  /// Its cells; without wrapping, the whole line up to the right edge.
  var cells: [Cell] = []
}

/// The screen rows of one pane: the gaps, the pieces of a stream, and the last message, addressed
/// by anchors.
///
/// Only what is shown is read: the cost is bounded by the pane's size and by 64 KiB pieces, however
/// long the stream is.
struct PaneText {
  /// The source of the bytes; nil counts as empty.
  let source: (any TextSource)?
  /// The end of the text: the length announced by events, even when more can already be read.
  let limit: UInt64
  /// The text's width in columns.
  let width: Int
  /// Whether long lines wrap.
  let wraps: Bool
  /// The number of columns that matter when lines do not wrap.
  let columnLimit: Int
  /// The number of rows of boxwatch's message after the text.
  let metaRows: Int
  /// The gaps by offset, with their reasons; the source has boundaries there.
  let gaps: [UInt64: [OutputGap]]
  /// The range of bytes that can still be read.
  let kept: Range<UInt64>

  /// Creates the rows of a pane.
  init(
    source: (any TextSource)?, limit: UInt64, width: Int, wraps: Bool, column: Int = 0, metaRows: Int,
    gaps: [UInt64: [OutputGap]] = [:]
  ) {
    self.source = source
    self.limit = limit
    self.width = max(1, width)
    self.wraps = wraps
    columnLimit = column + self.width + 1
    self.metaRows = metaRows
    self.gaps = gaps
    kept = source?.retained(limit: limit) ?? limit..<limit
  }

  /// Whether there is a gap row at the top.
  var hasGap: Bool { kept.lowerBound > 0 }
  /// The first row.
  var top: TextAnchor { TextAnchor(offset: kept.lowerBound) }

  /// The number of pieces requested at once: few with wrapping, since one can fill many screens.
  private func batch(_ rows: Int) -> Int { wraps ? min(8, max(1, rows)) : min(256, max(1, rows)) }

  /// The maximum number of columns of one piece with wrapping: enough for a piece of text, and a
  /// bound for a piece of tabs.
  private static let wrapLimit = 70_000

  private func isFirst(_ piece: TextPiece) -> Bool { piece.range.lowerBound <= kept.lowerBound }
  private func isLast(_ piece: TextPiece) -> Bool { piece.range.upperBound >= kept.upperBound }

  /// The gaps after the last readable byte.
  private var lastGaps: [OutputGap] {
    gaps.filter { $0.key >= kept.upperBound }.sorted { $0.key < $1.key }.flatMap(\.value)
  }

  /// The number of rows of a piece, including the gaps before it and the message after the last.
  private func rowCount(_ piece: TextPiece) -> Int {
    var extra = gaps[piece.range.lowerBound]?.count ?? 0
    if hasGap, isFirst(piece) { extra += 1 }
    if isLast(piece) { extra += lastGaps.count + metaRows }
    guard wraps, piece.bytes.count > width else { return extra + 1 }
    return extra + StyledLine.decode(piece.bytes, columnLimit: Self.wrapLimit).wrap(width: width).count
  }
}

extension PaneText {
  /// The anchor that puts the last row at the bottom of a pane of this height.
  func bottom(height: Int) -> TextAnchor {
    guard kept.upperBound > kept.lowerBound else { return top }
    return walkBack(from: kept.upperBound, rows: height)
  }

  /// The anchor a number of rows above a piece's first row, or the top.
  private func walkBack(from end: UInt64, rows: Int) -> TextAnchor {
    var needed = rows
    var offset = end
    while let source, offset > kept.lowerBound, needed > 0 {
      let pieces = source.pieces(before: offset, count: batch(needed), limit: limit)
      for piece in pieces.reversed() {
        let count = rowCount(piece)
        if count >= needed { return TextAnchor(offset: piece.range.lowerBound, row: count - needed) }
        needed -= count
      }
      guard let first = pieces.first, first.range.lowerBound < offset else { break }
      offset = first.range.lowerBound
    }
    return top
  }

  /// The anchor a number of rows below (or above, when negative), between the top and the bottom.
  func moved(_ anchor: TextAnchor, by rows: Int, height: Int) -> TextAnchor {
    let anchor = max(anchor, top)
    if rows < 0 { return up(anchor, -rows) }
    return min(down(anchor, rows), bottom(height: height))
  }

  private func up(_ anchor: TextAnchor, _ rows: Int) -> TextAnchor {
    if anchor.row >= rows { return TextAnchor(offset: anchor.offset, row: anchor.row - rows) }
    return walkBack(from: anchor.offset, rows: rows - anchor.row)
  }

  private func down(_ anchor: TextAnchor, _ rows: Int) -> TextAnchor {
    var needed = anchor.row + rows
    var offset = anchor.offset
    while let source {
      let pieces = source.pieces(from: offset, count: batch(needed + 1), limit: limit)
      for piece in pieces {
        let count = rowCount(piece)
        if needed < count { return TextAnchor(offset: piece.range.lowerBound, row: needed) }
        needed -= count
      }
      guard let last = pieces.last, last.range.upperBound > offset else { break }
      offset = last.range.upperBound
    }
    return TextAnchor(offset: .max)
  }
}

extension PaneText {
  /// The rows from an anchor on, at most `count`.
  func rows(from anchor: TextAnchor, count: Int) -> [PaneRow] {
    guard count > 0 else { return [] }
    guard kept.upperBound > kept.lowerBound, let source else { return lonelyRows(count) }
    let start = max(anchor, top)
    var rows: [PaneRow] = []
    var offset = start.offset
    var style = StyleCarry.style(before: offset, in: source, kept: kept, limit: limit)
    while rows.count < count + start.row {
      let pieces = source.pieces(from: offset, count: batch(count + start.row - rows.count), limit: limit)
      for piece in pieces { append(piece, &style, to: &rows) }
      guard let last = pieces.last, last.range.upperBound > offset else { break }
      offset = last.range.upperBound
    }
    return Array(rows.dropFirst(start.row).prefix(count))
  }

  /// The rows when there is no text.
  private func lonelyRows(_ count: Int) -> [PaneRow] {
    var rows: [PaneRow] = []
    if hasGap, limit > 0 { rows.append(PaneRow(anchor: top, kind: .gap(kept.lowerBound))) }
    rows += lastGaps.map { PaneRow(anchor: top, kind: .missing($0)) }
    rows += (0..<metaRows).map { PaneRow(anchor: top, kind: .meta(line: $0)) }
    return Array(rows.prefix(count))
  }

  private func append(_ piece: TextPiece, _ style: inout Style, to rows: inout [PaneRow]) {
    var anchor = TextAnchor(offset: piece.range.lowerBound)
    func add(_ kind: PaneRow.Kind, _ cells: [Cell] = []) {
      rows.append(PaneRow(anchor: anchor, kind: kind, cells: cells))
      anchor.row += 1
    }
    if hasGap, isFirst(piece) { add(.gap(kept.lowerBound)) }
    for gap in gaps[piece.range.lowerBound] ?? [] { add(.missing(gap)) }
    let line = line(of: piece, style: style)
    style = line.endStyle
    if wraps {
      for (index, range) in line.wrap(width: width).enumerated() {
        add(.text(continues: index > 0 || !piece.startsLine), Array(line.cells[range]))
      }
    } else {
      add(.text(continues: !piece.startsLine), line.cells)
    }
    guard isLast(piece) else { return }
    for gap in lastGaps { add(.missing(gap)) }
    for line in 0..<metaRows { add(.meta(line: line)) }
  }

  /// The cells of a piece, as many as matter.
  ///
  /// For a long line without wrapping that is a small part: where the line contains no cursor
  /// movement or styling, only its beginning is decoded.
  private func line(of piece: TextPiece, style: Style) -> StyledLine {
    let reach = columnLimit * 4
    if !wraps, piece.bytes.count > 2 * reach, Self.isPlain(piece.bytes) {
      let line = StyledLine.decode(piece.bytes[..<reach], style: style, columnLimit: columnLimit)
      // Combining marks take bytes but no columns: then the rest must be decoded.
      if line.cells.count >= columnLimit { return line }
    }
    return StyledLine.decode(piece.bytes, style: style, columnLimit: wraps ? Self.wrapLimit : columnLimit)
  }

  /// Whether bytes contain no escape, carriage return or backspace.
  private static func isPlain(_ bytes: [UInt8]) -> Bool {
    bytes.withUnsafeBufferPointer { buffer in
      for byte in buffer where byte == 0x1B || byte == 0x0D || byte == 0x08 { return false }
      return true
    }
  }
}
