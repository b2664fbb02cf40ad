/// Numbers as the screen shows them: short and uniform.
package enum NumberText {
  /// A count with a comma before every three digits: `12,398`.
  package static func grouped(_ value: UInt64) -> String {
    let digits = String(value)
    var text = ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index).isMultiple(of: 3) { text.append(",") }
      text.append(digit)
    }
    return text
  }

  /// A count of lines with its noun: `1 line`, `12,398 lines`.
  package static func lines(_ count: UInt64) -> String { "\(grouped(count)) line\(count == 1 ? "" : "s")" }

  /// A count of lines in few columns: exact up to 99,999, then rounded: `3.0 M lines`.
  package static func shortLines(_ count: UInt64) -> String {
    guard count >= 100_000 else { return lines(count) }
    let (unit, name): (UInt64, String) = count >= 999_950_000 ? (1_000_000_000, "G") : (1_000_000, "M")
    return count < 999_950 ? "\(count / 1000) k lines" : "\(tenths(count / (unit / 10))) \(name) lines"
  }

  /// A size in powers of 1000: `812 B`, `1.2 MB`, `38 GB`.
  package static func bytes(_ count: UInt64) -> String {
    let units = ["B", "kB", "MB", "GB", "TB", "PB", "EB"]
    guard count >= 1000 else { return "\(count) B" }
    var unit = 0
    var value = Double(count)
    // From 999.5 on a value would round to 1000 of its unit.
    while value >= 999.5, unit < units.count - 1 {
      value /= 1000
      unit += 1
    }
    let tenths = Int((value * 10).rounded())
    return (tenths < 100 ? "\(tenths / 10).\(tenths % 10)" : "\(Int(value.rounded()))") + " " + units[unit]
  }

  /// A time in minutes and seconds, with hours from one on: `00:41`, `1:02:03`.
  package static func clock(nanoseconds: UInt64) -> String {
    let seconds = nanoseconds / 1_000_000_000
    let tail = two(seconds / 60 % 60) + ":" + two(seconds % 60)
    return seconds < 3600 ? tail : "\(seconds / 3600):" + tail
  }

  /// The time since an event, in one or two units: `41 s ago`, `12 min ago`, `3 h ago`, `5 d ago`.
  package static func age(nanoseconds: UInt64) -> String {
    let seconds = nanoseconds / 1_000_000_000
    switch seconds {
    case ..<100: return "\(seconds) s ago"
    case ..<(100 * 60): return "\(seconds / 60) min ago"
    case ..<(48 * 3600): return "\(seconds / 3600) h ago"
    default: return "\(seconds / 86_400) d ago"
    }
  }

  /// A short time in a suitable unit: `82 us`, `3.1 ms`, `2.4 s`.
  package static func span(nanoseconds: UInt64) -> String {
    switch nanoseconds {
    case ..<1_000_000: "\(nanoseconds / 1000) us"
    case ..<1_000_000_000: tenths(nanoseconds / 100_000) + " ms"
    case ..<100_000_000_000: tenths(nanoseconds / 100_000_000) + " s"
    default: clock(nanoseconds: nanoseconds)
    }
  }

  private static func tenths(_ value: UInt64) -> String { "\(value / 10).\(value % 10)" }

  private static func two(_ value: UInt64) -> String { value < 10 ? "0\(value)" : "\(value)" }
}
