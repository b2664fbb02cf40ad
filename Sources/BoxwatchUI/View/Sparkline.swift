/// A row of small bars for the last buckets of a history.
enum Sparkline {
  private static let bars: [Character] = Array("▁▂▃▄▅▆▇█")
  private static let ascii: [Character] = Array("._-=+*%#")

  /// The bars, newest at the right, scaled to the highest, or to `full` when none is higher; nothing at all for a history
  /// of nothing.
  static func text(_ buckets: [UInt64], width: Int, full: UInt64 = 0, isUTF8: Bool) -> String {
    let shown = buckets.suffix(max(0, width))
    guard let highest = shown.max(), highest > 0 else { return "" }
    let top = Double(max(highest, full))
    let glyphs = isUTF8 ? bars : ascii
    let text = shown.map { value in
      value == 0 ? " " : glyphs[min(7, Int(Double(value) / top * 7.999))]
    }
    return String(repeating: " ", count: max(0, width - shown.count)) + String(text)
  }
}
