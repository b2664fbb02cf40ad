/// Measured values and what is told of them.
struct Samples {
  private var sorted: [Double]

  init(_ values: [Double]) { sorted = values.sorted() }

  /// The value that a share of all samples does not exceed.
  func quantile(_ share: Double) -> Double {
    guard !sorted.isEmpty else { return .nan }
    return sorted[min(sorted.count - 1, Int(Double(sorted.count) * share))]
  }

  /// The middle one.
  var median: Double { quantile(0.5) }
}
