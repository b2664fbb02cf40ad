import ExecModel
import Journal

extension ExecutionRow {
  /// A stream's text as the screen cuts it: also where bytes are missing.
  func source(_ stream: ExecStream, _ text: TextLookup) -> (any TextSource)? {
    guard let source = text(id, stream) else { return nil }
    let offsets = gaps.filter { $0.stream == stream }.map(\.offset)
    return offsets.isEmpty ? source : GappedText(source, gaps: Set(offsets))
  }

  /// The gaps of a stream by offset; the same reason once at a place.
  func gaps(_ stream: ExecStream) -> [UInt64: [OutputGap]] {
    gaps.filter { $0.stream == stream }.reduce(into: [:]) { found, gap in
      if found[gap.offset]?.contains(gap.gap) != true { found[gap.offset, default: []].append(gap.gap) }
    }
  }

  /// The weightiest reason why a stream may not be whole, when its gaps tell one.
  func reason(_ streams: StreamSet) -> OutputGap? {
    gaps.filter { streams.contains($0.stream) }.map(\.gap).max { $0.weight < $1.weight }
  }
}
