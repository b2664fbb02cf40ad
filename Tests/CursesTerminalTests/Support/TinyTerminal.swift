/// As much of an xterm as ncurses uses, so that a test can read the screen that a person would see.
///
/// What it does not know it notes, and a test fails on it.
struct TinyTerminal {
  let height: Int
  let width: Int
  /// Columns that this terminal gives to a scalar.
  let columns: (Unicode.Scalar) -> Int
  private(set) var cells: [[String]]
  private(set) var row = 0
  private(set) var column = 0
  private(set) var modes: Set<Int> = []
  private(set) var titles: [String] = []
  private(set) var unknown: [String] = []
  private(set) var styleParameters: Set<Int> = []
  private var last: Unicode.Scalar = " "
  private var region: Range<Int>

  init(height: Int, width: Int, columns: @escaping (Unicode.Scalar) -> Int) {
    self.height = height
    self.width = width
    self.columns = columns
    region = 0..<height
    cells = Array(repeating: Array(repeating: " ", count: width), count: height)
  }

  /// The screen as ``Grid`` gives its own: rows without trailing blanks.
  var plainText: String {
    cells.map { row in
      var text = row.joined()
      while text.last == " " { text.removeLast() }
      return text
    }.joined(separator: "\n")
  }

  mutating func feed(_ output: String) {
    var input = Array(output.unicodeScalars)[...]
    while let scalar = input.popFirst() {
      switch scalar {
      case "\u{1B}": escape(&input)
      case "\r": column = 0
      case "\u{E}", "\u{F}": continue
      case "\n": lineFeed()
      case "\u{8}": column = max(0, min(column, width - 1) - 1)
      case _ where scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value): unknown.append("\(scalar.value)")
      default: put(scalar == "\u{A0}" ? " " : scalar)
      }
    }
  }

  private mutating func lineFeed() {
    if row == region.upperBound - 1 { scroll(from: region.lowerBound, by: 1) } else { row = min(height - 1, row + 1) }
  }

  private mutating func put(_ scalar: Unicode.Scalar) {
    let extent = columns(scalar)
    if extent == 0 {
      let target = max(0, min(column, width) - 1)
      let base = cells[row][target].isEmpty && target > 0 ? target - 1 : target
      cells[row][base].unicodeScalars.append(scalar)
      return
    }
    if column + extent > width {
      column = 0
      lineFeed()
    }
    blankHalves(at: column)
    cells[row][column] = String(scalar)
    if extent == 2 {
      blankHalves(at: column + 1)
      cells[row][column] = String(scalar)
      cells[row][column + 1] = ""
    }
    column += extent
    last = scalar
  }

  /// Blanks what is left of a wide glyph when one of its columns is overwritten.
  private mutating func blankHalves(at column: Int) {
    if cells[row][column].isEmpty, column > 0 { cells[row][column - 1] = " " }
    if column + 1 < width, cells[row][column + 1].isEmpty { cells[row][column + 1] = " " }
  }

  private mutating func erase(_ range: Range<Int>, row: Int) {
    for index in range.clamped(to: 0..<width) { cells[row][index] = " " }
  }

  private mutating func escape(_ input: inout ArraySlice<Unicode.Scalar>) {
    switch input.popFirst() {
    case "[": control(&input)
    case "]": operatingSystem(&input)
    case "(", ")": _ = input.popFirst()
    case "=", ">", "7", "8": return
    case "M":
      if row == region.lowerBound { scroll(from: row, by: -1) } else { row = max(0, row - 1) }
    case let other: unknown.append("ESC \(other.map(String.init) ?? "")")
    }
  }

  private mutating func operatingSystem(_ input: inout ArraySlice<Unicode.Scalar>) {
    var text = ""
    while let scalar = input.popFirst(), scalar != "\u{7}" {
      if scalar == "\u{1B}" {
        _ = input.popFirst()
        break
      }
      text.unicodeScalars.append(scalar)
    }
    if text.hasPrefix("2;") { titles.append(String(text.dropFirst(2))) } else { unknown.append("OSC \(text)") }
  }

  private mutating func control(_ input: inout ArraySlice<Unicode.Scalar>) {
    var parameters = ""
    while let scalar = input.first, (0x20...0x3F).contains(scalar.value) {
      parameters.unicodeScalars.append(scalar)
      input.removeFirst()
    }
    guard let final = input.popFirst() else { return unknown.append("CSI") }
    if parameters.hasPrefix("?") { return setMode(parameters, final) }
    let numbers = parameters.split(separator: ";", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
    apply(final, numbers, max(1, numbers.first ?? 1))
  }

  private mutating func setMode(_ parameters: String, _ final: Unicode.Scalar) {
    for mode in parameters.dropFirst().split(separator: ";").compactMap({ Int($0) }) {
      if final == "h" { modes.insert(mode) } else { modes.remove(mode) }
    }
  }

  private mutating func apply(_ final: Unicode.Scalar, _ numbers: [Int], _ count: Int) {
    let here = min(column, width - 1)
    switch final {
    case "H":
      row = min(height, count) - 1
      column = min(width, numbers.count > 1 ? max(1, numbers[1]) : 1) - 1
    case "G": column = min(width, count) - 1
    case "d": row = min(height, count) - 1
    case "A": row = max(0, row - count)
    case "B": row = min(height - 1, row + count)
    case "C": column = min(width - 1, here + count)
    case "D": column = max(0, here - count)
    case "X": erase(here..<here + count, row: row)
    case "K": erase(numbers.first == 1 ? 0..<here + 1 : here..<width, row: row)
    case "J": eraseDisplay(numbers.first ?? 0, here)
    case "b": for _ in 0..<count { put(last) }
    case "m": styleParameters.formUnion(numbers)
    case "r": setRegion(numbers)
    case "S": scroll(from: region.lowerBound, by: count)
    case "T": scroll(from: region.lowerBound, by: -count)
    case "M": scroll(from: row, by: count)
    case "L": scroll(from: row, by: -count)
    case "@": shift(from: here, by: count)
    case "P": shift(from: here, by: -count)
    case "t", "l", "h": return
    default: unknown.append("CSI \(numbers) \(final)")
    }
  }

  private mutating func setRegion(_ numbers: [Int]) {
    let top = max(1, numbers.first ?? 1) - 1
    let bottom = numbers.count > 1 && numbers[1] > 0 ? min(height, numbers[1]) : height
    region = top..<bottom
    row = 0
    column = 0
  }

  /// Moves the region's rows from one on, up or, when negative, down.
  private mutating func scroll(from top: Int, by count: Int) {
    let old = cells
    for index in top..<region.upperBound {
      let source = index + count
      let isInside = (top..<region.upperBound).contains(source)
      cells[index] = isInside ? old[source] : Array(repeating: " ", count: width)
    }
  }

  /// Moves the rest of the row to the right or, when negative, to the left.
  private mutating func shift(from start: Int, by count: Int) {
    let old = cells[row]
    for index in start..<width {
      let source = index - count
      cells[row][index] = (start..<width).contains(source) ? old[source] : " "
    }
  }

  private mutating func eraseDisplay(_ kind: Int, _ here: Int) {
    if kind == 0 { erase(here..<width, row: row) }
    let rows = kind == 0 ? row + 1..<height : 0..<height
    for index in rows { erase(0..<width, row: index) }
  }
}
