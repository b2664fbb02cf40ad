/// How many columns text takes on a terminal, by Unicode 17's East Asian Width, general category and emoji data.
///
/// The terminal may know an older Unicode; ``Grid`` is always right about itself, and what shows it places every doubtful glyph by
/// position.
public enum TextWidth {
  /// Columns of one scalar that stands alone: 0 when it combines, 2 when it is wide, else 1.
  ///
  /// A control, bidi or invisible scalar takes the columns of the visible text that is drawn for it (`^[` is 2, `<202E>` is 6).
  public static func columns(of scalar: Unicode.Scalar) -> Int {
    if (0x20..<0x7F).contains(scalar.value) { return 1 }
    switch ScalarRole.of(scalar) {
    case .narrow: return 1
    case .wide, .regionalIndicator: return 2
    case .combining, .joiner, .emojiVariation, .ideographicVariation: return 0
    case .hostile:
      var count = 0
      VisibleText.forEach(of: scalar) { _ in count += 1 }
      return count
    }
  }

  /// Columns that ``Grid/write(_:row:column:style:within:)`` uses for a text when nothing is clipped.
  public static func columns(of text: String) -> Int {
    if let count = printableASCIICount(text) { return count }
    var row = GlyphRow(limit: .max)
    for scalar in text.unicodeScalars { row.set(scalar, .plain) }
    return row.column
  }

  /// The length of a text of printable ASCII alone, nil for any other.
  static func printableASCIICount(_ text: String) -> Int? {
    var count = 0
    for byte in text.utf8 {
      if byte < 0x20 || byte > 0x7E { return nil }
      count += 1
    }
    return count
  }
}
