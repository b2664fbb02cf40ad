/// What a scalar does to a row of cells.
enum ScalarRole: Hashable, Sendable {
  /// Takes one column.
  case narrow
  /// Takes two columns.
  case wide
  /// Stands on the glyph before it.
  case combining
  /// U+200C and U+200D: legitimate inside some scripts and emoji, a hiding place elsewhere.
  case joiner
  /// U+FE0F: asks for the emoji form of the glyph before it.
  case emojiVariation
  /// U+E0100 to U+E01EF: ideographic variants, a hiding place elsewhere.
  case ideographicVariation
  /// U+1F1E6 to U+1F1FF: two of them make a flag.
  case regionalIndicator
  /// Never reaches a cell: drawn as visible text.
  case hostile

  /// Whether nothing before it could be changed by it.
  var beginsGlyph: Bool {
    switch self {
    case .narrow, .wide, .hostile: true
    case .combining, .joiner, .emojiVariation, .ideographicVariation, .regionalIndicator: false
    }
  }

  /// The role of a scalar.
  static func of(_ scalar: Unicode.Scalar) -> ScalarRole {
    let value = scalar.value
    if value < 0x300 {
      return value < 0x20 || (0x7F...0x9F).contains(value) || value == 0xAD ? .hostile : .narrow
    }
    switch value {
    case 0x4E00...0x9FFF, 0xAC00...0xD7A3: return .wide
    case 0x200C, 0x200D: return .joiner
    case 0xFE0F: return .emojiVariation
    case 0xE0100...0xE01EF: return .ideographicVariation
    case 0x1F1E6...0x1F1FF: return .regionalIndicator
    default: return fromTables(value)
    }
  }

  private static func fromTables(_ value: UInt32) -> ScalarRole {
    if WidthTable.contains(WidthTable.hostile, value) { return .hostile }
    if WidthTable.contains(WidthTable.zero, value) { return .combining }
    return WidthTable.contains(WidthTable.wide, value) ? .wide : .narrow
  }
}
