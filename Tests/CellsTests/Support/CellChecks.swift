import Cells

/// What is wrong with a row of cells, nil when it could be shown; it asks the standard library's Unicode data, not our own tables.
func fault(in cells: some Sequence<Cell>) -> String? {
  var owesRightHalf = false
  for (column, cell) in cells.enumerated() {
    if (cell.width == 0) != owesRightHalf { return "half a wide glyph at column \(column)" }
    owesRightHalf = cell.width == 2
    if cell.width == 0 { continue }
    if cell.text.isEmpty { return "nothing at column \(column)" }
    for scalar in cell.text.unicodeScalars where isForbidden(scalar) {
      return "U+\(String(scalar.value, radix: 16)) at column \(column)"
    }
  }
  return owesRightHalf ? "half a wide glyph at the end" : nil
}

/// Whether a scalar could change, hide or reorder what a terminal shows.
func isForbidden(_ scalar: Unicode.Scalar) -> Bool {
  let properties = scalar.properties
  if properties.isNoncharacterCodePoint { return true }
  switch properties.generalCategory {
  case .control, .lineSeparator, .paragraphSeparator, .surrogate: return true
  case .format: return !isVisibleFormat(scalar)
  default: return properties.isDefaultIgnorableCodePoint && !properties.isVariationSelector
  }
}

/// Arabic, Syriac and Kaithi number signs, which are drawn, and the joiners that scripts need.
private func isVisibleFormat(_ scalar: Unicode.Scalar) -> Bool {
  switch scalar.value {
  case 0x600...0x605, 0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD, 0x200C, 0x200D: true
  default: false
  }
}
