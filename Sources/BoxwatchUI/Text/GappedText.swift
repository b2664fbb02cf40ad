public import ExecModel

/// Finds the text of an execution's stream; nil when there is none (yet).
///
/// An argument of `update` and `view`, which are pure functions given it.
public typealias TextLookup = (ExecutionID, ExecStream) -> (any TextSource)?

/// A stream's text with piece boundaries also where bytes are missing, so that a gap can be shown
/// at its position.
///
/// The two sides of a gap were never one line: a search does not match across it.
struct GappedText: TextSource {
  private let source: any TextSource
  /// The offsets of missing bytes, ascending and unique.
  private let offsets: [UInt64]

  /// Creates a text with boundaries at these offsets.
  init(_ source: any TextSource, gaps offsets: Set<UInt64>) {
    self.source = source
    self.offsets = offsets.sorted()
  }

  func retained(limit: UInt64) -> Range<UInt64> { source.retained(limit: limit) }

  func pieces(from offset: UInt64, count: Int, limit: UInt64) -> [TextPiece] {
    guard count > 0 else { return [] }
    // Starts at the boundary before the offset: a gap may split that piece at the offset or after
    // it.
    let start = source.boundary(atOrBefore: offset, limit: limit)
    let whole = source.pieces(from: min(start, offset), count: min(count, Int.max - 1) + 1, limit: limit)
    return Array(whole.flatMap(cut).drop { $0.range.lowerBound < offset }.prefix(count))
  }

  func pieces(before offset: UInt64, count: Int, limit: UInt64) -> [TextPiece] {
    guard count > 0 else { return [] }
    let whole = source.pieces(before: offset, count: count, limit: limit)
    let end = whole.last?.range.upperBound ?? source.retained(limit: limit).lowerBound
    var pieces = whole.flatMap(cut)
    if end < offset, let next = source.pieces(from: end, count: 1, limit: limit).first {
      pieces += cut(next).prefix { $0.range.upperBound <= offset }
    }
    return pieces.suffix(count)
  }

  func boundary(atOrBefore offset: UInt64, limit: UInt64) -> UInt64 {
    let plain = source.boundary(atOrBefore: offset, limit: limit)
    let end = source.retained(limit: limit).upperBound
    return max(plain, offsets.last { $0 <= offset && $0 <= end } ?? plain)
  }

  func endsLine(at offset: UInt64) -> Bool? { source.endsLine(at: offset) }

  func lineNumber(at offset: UInt64) -> UInt64 { source.lineNumber(at: offset) }

  func offset(ofLine line: UInt64, limit: UInt64) -> UInt64 { source.offset(ofLine: line, limit: limit) }

  /// The parts of a piece between its gaps.
  private func cut(_ piece: TextPiece) -> [TextPiece] {
    let cuts = offsets.filter { piece.range.lowerBound < $0 && $0 < piece.range.upperBound }
    guard !cuts.isEmpty else { return [piece] }
    let edges = [piece.range.lowerBound] + cuts + [piece.range.upperBound]
    return zip(edges, edges.dropFirst()).map { part(of: piece, $0..<$1) }
  }

  private func part(of piece: TextPiece, _ range: Range<UInt64>) -> TextPiece {
    let start = Int(clamping: range.lowerBound - piece.range.lowerBound)
    let end = Int(clamping: range.upperBound - piece.range.lowerBound)
    let isLast = range.upperBound == piece.range.upperBound
    return TextPiece(
      range: range, bytes: Array(piece.bytes[min(start, piece.bytes.count)..<min(end, piece.bytes.count)]),
      startsLine: start == 0 && piece.startsLine, endsLine: isLast && piece.endsLine)
  }
}

extension ExecutionRow {
  /// A stream's text as it is split for the screen, including the boundaries at gaps.
  func source(_ stream: ExecStream, _ text: TextLookup) -> (any TextSource)? {
    guard let source = text(id, stream) else { return nil }
    let offsets = gaps.filter { $0.stream == stream }.map(\.offset)
    return offsets.isEmpty ? source : GappedText(source, gaps: Set(offsets))
  }

  /// The gaps of a stream by offset, without duplicate reasons at one offset.
  func gaps(_ stream: ExecStream) -> [UInt64: [OutputGap]] {
    gaps.filter { $0.stream == stream }.reduce(into: [:]) { found, gap in
      if found[gap.offset]?.contains(gap.gap) != true { found[gap.offset, default: []].append(gap.gap) }
    }
  }

  /// The most severe reason why a stream may be incomplete, if its gaps have one.
  func reason(_ streams: StreamSet) -> OutputGap? {
    gaps.filter { streams.contains($0.stream) }.map(\.gap).max { $0.weight < $1.weight }
  }
}
