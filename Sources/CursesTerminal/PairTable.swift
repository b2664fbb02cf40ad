internal import Cells

/// The colour pairs that curses was given, by what they hold.
struct PairTable {
  /// Foreground and background as curses counts them; -1 is the terminal's own.
  struct Colors: Hashable {
    var foreground: Int32
    var background: Int32
  }

  private var numbers: [Colors: Int32] = [:]
  private let limit: Int32

  /// A table for numbers from 1 up to, not including, a limit.
  init(limit: Int32) { self.limit = limit }

  /// The number of a pair, set on first use; nil when all are taken by others.
  mutating func number(of colors: Colors, set: (Int32, Colors) -> Bool) -> Int32? {
    if colors == Colors(foreground: -1, background: -1) { return 0 }
    if let number = numbers[colors] { return number }
    let number = Int32(numbers.count) + 1
    guard number < limit, set(number, colors) else { return nil }
    numbers[colors] = number
    return number
  }

  /// Takes all numbers back; what is on the screen must then be drawn anew.
  mutating func removeAll() { numbers.removeAll(keepingCapacity: true) }
}
