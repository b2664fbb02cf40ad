extension Grid {
  /// One row as text, trailing blanks kept; empty when there is no such row.
  public func text(row: Int) -> String {
    guard (0..<height).contains(row) else { return "" }
    var view = String.UnicodeScalarView()
    for cell in cells[row * width..<(row + 1) * width] { view.append(contentsOf: cell.text.unicodeScalars) }
    return String(view)
  }

  /// All rows as text, joined by newlines, each without its trailing blanks.
  public var plainText: String {
    (0..<height).map { row in
      var text = text(row: row)
      while text.last == " " { text.removeLast() }
      return text
    }.joined(separator: "\n")
  }
}
