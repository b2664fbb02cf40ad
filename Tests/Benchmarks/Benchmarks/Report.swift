import Glibc

/// One line of the result: ours, the baseline of the same run, and the goal of their ratio.
struct Report {
  private var failures = 0

  /// Prints a ratio and whether it reaches its goal.
  mutating func add(_ name: String, ours: String, baseline: String, ratio: Double, goal: Goal) {
    let isMet = goal.isMet(by: ratio)
    if !isMet { failures += 1 }
    row(name, pad(ours, 18) + pad(baseline, 18) + pad(Self.text(ratio), 8) + goal.text, isMet)
  }

  /// Prints a value that has a limit of its own.
  mutating func add(_ name: String, value: String, isMet: Bool, goal: String) {
    if !isMet { failures += 1 }
    row(name, pad(value, 36) + pad("", 8) + goal, isMet)
  }

  /// Whether every goal was reached.
  var isClean: Bool { failures == 0 }

  /// Prints the columns' names.
  static func header() {
    print(
      "benchmark".padding(34) + "boxwatch".padding(18) + "baseline".padding(18) + "ratio".padding(8) + "goal")
  }

  /// Written at once: a run that is cut short leaves what it measured.
  private func row(_ name: String, _ rest: String, _ isMet: Bool) {
    print(pad(name, 34) + rest + (isMet ? "" : "  MISSED"))
    fflush(nil)
  }

  private func pad(_ text: String, _ width: Int) -> String { text.padding(width) }

  /// A number with two decimals.
  static func text(_ value: Double) -> String {
    guard value.isFinite else { return "–" }
    let hundredths = Int((value * 100).rounded())
    let fraction = hundredths % 100
    return "\(hundredths / 100).\(fraction < 10 ? "0" : "")\(fraction)"
  }
}

extension String {
  /// The text with spaces after it up to `width`.
  func padding(_ width: Int) -> String { self + String(repeating: " ", count: max(1, width - count)) }
}
