/// What a ratio of ours to the baseline must reach.
enum Goal {
  case atLeast(Double)
  case atMost(Double)
  /// Told for comparison only.
  case none

  /// Whether the ratio reaches it.
  func isMet(by ratio: Double) -> Bool {
    switch self {
    case .atLeast(let bound): ratio >= bound
    case .atMost(let bound): ratio <= bound
    case .none: true
    }
  }

  /// The goal as it is printed.
  var text: String {
    switch self {
    case .atLeast(let bound): "≥ \(Report.text(bound))"
    case .atMost(let bound): "≤ \(Report.text(bound))"
    case .none: ""
    }
  }
}
