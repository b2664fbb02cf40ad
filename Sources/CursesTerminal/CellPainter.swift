internal import CNCurses
internal import Cells

/// The colour pairs allocated in curses, by their colours.
struct PairTable {
  /// Foreground and background as curses numbers them; -1 is the terminal's default.
  struct Colors: Hashable {
    var foreground: Int32
    var background: Int32
  }

  private var numbers: [Colors: Int32] = [:]
  private let limit: Int32

  /// Creates a table for pair numbers from 1 up to, not including, a limit.
  init(limit: Int32) { self.limit = limit }

  /// The number of a pair, allocated on first use; nil when all are used by others.
  mutating func number(of colors: Colors, set: (Int32, Colors) -> Bool) -> Int32? {
    if colors == Colors(foreground: -1, background: -1) { return 0 }
    if let number = numbers[colors] { return number }
    let number = Int32(numbers.count) + 1
    guard number < limit, set(number, colors) else { return nil }
    numbers[colors] = number
    return number
  }

  /// Frees all pairs; what is on the screen must then be redrawn.
  mutating func removeAll() { numbers.removeAll(keepingCapacity: true) }
}

/// Converts cells for curses: reduces colours to the terminal's depth, and numbers them as pairs.
struct CellPainter {
  private let depth: ColorDepth
  private var pairs: PairTable
  private var paints: [Style: Paint] = [:]

  private struct Paint {
    var attributes: UInt32
    var pair: Int32
  }

  /// The maximum number of cached styles; a flood of 24-bit colours must not grow memory without
  /// bound.
  private static let rememberedStyles = 4096

  /// Creates a painter for a colour depth and a number of pairs.
  init(depth: ColorDepth, pairLimit: Int32) {
    self.depth = depth
    pairs = PairTable(limit: pairLimit)
  }

  /// Forgets every pair, so that a screen that needs others can allocate them.
  mutating func startAnew() {
    cn_forget_pairs()
    pairs.removeAll()
    paints.removeAll(keepingCapacity: true)
  }

  /// Converts a row; false when the pairs ran out and some cells got the default colours.
  mutating func paint(_ cells: ArraySlice<Cell>, into row: inout [cn_cell]) -> Bool {
    row.removeAll(keepingCapacity: true)
    var isComplete = true
    var style = Style.plain
    var paint = Paint(attributes: 0, pair: 0)
    for cell in cells {
      if cell.style != style {
        style = cell.style
        let found = self.paint(of: style)
        paint = found ?? Paint(attributes: UInt32(style.attributes.rawValue), pair: 0)
        if found == nil { isComplete = false }
      }
      // The last check (P8): a cell that was not written through a grid's functions is checked
      // here.
      let cell = cell.isDrawable ? cell : Cell(scalar: "?", style: style)
      row.append(
        cn_cell(
          scalars: (cell.scalars[0], cell.scalars[1], cell.scalars[2], cell.scalars[3], cell.scalars[4]),
          attributes: paint.attributes, pair: paint.pair, width: UInt32(cell.width)))
    }
    return isComplete
  }

  private mutating func paint(of style: Style) -> Paint? {
    if let paint = paints[style] { return paint }
    let reduced = style.reduced(to: depth)
    let colors = PairTable.Colors(
      foreground: Self.number(reduced.foreground), background: Self.number(reduced.background))
    guard let pair = pairs.number(of: colors, set: { cn_set_pair($0, $1.foreground, $1.background) }) else {
      return nil
    }
    if paints.count >= Self.rememberedStyles { paints.removeAll(keepingCapacity: true) }
    let paint = Paint(attributes: UInt32(reduced.attributes.rawValue), pair: pair)
    paints[style] = paint
    return paint
  }

  private static func number(_ color: Color) -> Int32 {
    switch color {
    case .standard: -1
    case .indexed(let entry): Int32(entry)
    case .rgb(let red, let green, let blue):
      // Numbers below 256 are palette entries; the darkest blues get the minimum of green.
      Int32(red) << 16 | Int32(red == 0 ? max(1, green) : green) << 8 | Int32(blue)
    }
  }
}
