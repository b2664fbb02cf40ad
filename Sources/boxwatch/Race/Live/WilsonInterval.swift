/// The 95 % interval of a share that was counted: Wilson's score interval, which is sound near 0 and 1 too.
///
/// E. B. Wilson, “Probable inference, the law of succession, and statistical inference”, JASA 22 (1927).
struct WilsonInterval: Hashable, Sendable {
  /// The 97.5 % quantile of the normal distribution.
  private static let z = 1.959_963_984_540_054

  /// The lower bound, 0 to 1.
  let low: Double
  /// The upper bound, 0 to 1.
  let high: Double

  /// The interval for `hits` of `trials`; everything when nothing was tried.
  init(hits: Int, of trials: Int) {
    guard trials > 0 else {
      (low, high) = (0, 1)
      return
    }
    let n = Double(trials)
    let p = min(1, max(0, Double(hits) / n))
    let square = Self.z * Self.z / n
    let center = p + square / 2
    let spread = Self.z * (p * (1 - p) / n + square / (4 * n)).squareRoot()
    // With no hit, or none missing, rounding must not move the bound that is exact.
    low = hits <= 0 ? 0 : max(0, (center - spread) / (1 + square))
    high = hits >= trials ? 1 : min(1, (center + spread) / (1 + square))
  }
}
