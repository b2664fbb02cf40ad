/// Numbers as text, independent of the locale.
package enum NumberWords {
  /// An integer with commas: `5,040`.
  package static func grouped(_ number: some BinaryInteger) -> String {
    let digits = Array(String(number))
    var text = ""
    for (index, digit) in digits.enumerated() {
      let left = digits.count - index
      if index > 0, left % 3 == 0, digits[index - 1] != "-" { text.append(",") }
      text.append(digit)
    }
    return text
  }

  /// A number with its noun: `1 chunk`, `2 chunks`.
  package static func count(_ number: some BinaryInteger, _ word: String) -> String {
    "\(grouped(number)) \(word)\(number == 1 ? "" : "s")"
  }

  /// A share of 0 to 1 in percent with one decimal: `46.7 %`.
  ///
  /// Only 0 is `0.0 %` and only 1 is `100.0 %`: values that round to them are `<0.1 %` and `>99.9
  /// %`.
  package static func percent(_ share: Double) -> String {
    if share > 0, share < 0.001 { return "<0.1 %" }
    if share > 0.999, share < 1 { return ">99.9 %" }
    return "\(decimal(share * 100, places: 1)) %"
  }

  /// A bound of a share of 0 to 1 in percent, with two decimals where one would round it to 0 or
  /// 100.
  package static func bound(_ share: Double) -> String {
    let isNearEdge = (share > 0 && share < 0.001) || (share > 0.999 && share < 1)
    let text = decimal(share * 100, places: isNearEdge ? 2 : 1)
    if isNearEdge, text == "0.00" { return "<0.01" }
    return isNearEdge && text == "100.00" ? ">99.99" : text
  }

  /// A number with a fixed number of decimals; NaN and infinity are `-`.
  package static func decimal(_ value: Double, places: Int) -> String {
    let factor = (0..<max(0, places)).reduce(1) { product, _ in product * 10 }
    let scaled = (value.magnitude * Double(factor)).rounded()
    guard scaled.isFinite, scaled < 1e18 else { return "-" }
    let (whole, rest) = Int(scaled).quotientAndRemainder(dividingBy: factor)
    let sign = value < 0 && scaled > 0 ? "-" : ""
    guard places > 0 else { return sign + String(whole) }
    let digits = String(rest)
    return "\(sign)\(whole)." + String(repeating: "0", count: max(0, places - digits.count)) + digits
  }

  /// A time in a suitable unit: `6 µs`, `3.10 ms`, `12.4 ms`, `2.05 s`.
  package static func time(nanoseconds: UInt64, isASCII: Bool = false) -> String {
    // A value that rounds to 1,000 µs is written in milliseconds.
    guard nanoseconds >= 999_500 else {
      return decimal(Double(nanoseconds) / 1e3, places: 0) + (isASCII ? " us" : " µs")
    }
    let milliseconds = Double(nanoseconds) / 1e6
    if milliseconds < 10 { return decimal(milliseconds, places: 2) + " ms" }
    if milliseconds < 1000 { return decimal(milliseconds, places: 1) + " ms" }
    return decimal(milliseconds / 1000, places: 2) + " s"
  }
}

/// A table of plain text: columns as wide as their widest cell, separated by two spaces.
package struct TextTable {
  /// The alignment of a column's cells.
  package enum Edge {
    case left
    case right
  }

  /// A column's header and alignment.
  package struct Column {
    let head: String
    let edge: Edge

    /// Makes a column.
    package init(_ head: String, _ edge: Edge = .right) {
      self.head = head
      self.edge = edge
    }
  }

  private let columns: [Column]
  private var rows: [[String]] = []

  /// Makes a table without rows.
  package init(_ columns: [Column]) { self.columns = columns }

  /// Adds a row; missing cells are empty, extra cells are dropped.
  package mutating func add(_ cells: [String]) { rows.append(cells) }

  /// The header and the rows, without trailing spaces.
  package var lines: [String] { ([columns.map(\.head)] + rows).map(line) }

  private func line(_ cells: [String]) -> String {
    let padded = zip(columns.indices, cells).map { index, cell in
      let space = String(repeating: " ", count: max(0, width(index) - cell.count))
      return columns[index].edge == .left ? cell + space : space + cell
    }
    let text = padded.joined(separator: "  ")
    return text.lastIndex { $0 != " " }.map { String(text[...$0]) } ?? ""
  }

  private func width(_ column: Int) -> Int {
    rows.reduce(columns[column].head.count) { widest, row in
      row.indices.contains(column) ? max(widest, row[column].count) : widest
    }
  }
}
