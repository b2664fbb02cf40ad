/// One character cell: what stands in it, how it looks, and how wide that is.
public struct Cell: Hashable, Sendable {
  /// The glyph's scalars; none is the right half of a wide glyph.
  public var scalars: GlyphScalars
  /// How it looks.
  public var style: Style
  /// Columns taken: 1, 2 for a wide glyph, 0 for the right half of one.
  public var width: UInt8

  /// An empty cell of a style.
  public static func blank(_ style: Style = .plain) -> Cell { Cell(scalar: " ", style: style) }

  /// A cell with one scalar of width 1.
  public init(scalar: Unicode.Scalar, style: Style = .plain) {
    self.init(scalars: GlyphScalars(scalar.value), style: style, width: 1)
  }

  /// A cell from its parts.
  public init(scalars: GlyphScalars, style: Style, width: UInt8) {
    self.scalars = scalars
    self.style = style
    self.width = width
  }

  /// The right half of a wide glyph.
  public static func continuation(_ style: Style) -> Cell { Cell(scalars: .none, style: style, width: 0) }

  /// The glyph as text; empty for the right half of a wide one.
  public var text: String {
    var view = String.UnicodeScalarView()
    for index in 0..<GlyphScalars.count where scalars[index] != 0 {
      if let scalar = Unicode.Scalar(scalars[index]) { view.append(scalar) }
    }
    return String(view)
  }
}
