/// A row of a marble diagram.
public struct MarbleRow: Hashable, Sendable {
  /// Its pieces, from the left.
  public let pieces: [MarblePiece]

  /// The row as plain text, without spaces at its end.
  public var text: String {
    let all = pieces.map(\.text).joined()
    let end = all.lastIndex { $0 != " " }
    return end.map { String(all[...$0]) } ?? ""
  }
}
