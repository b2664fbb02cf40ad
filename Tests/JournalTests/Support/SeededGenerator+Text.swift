import TestSupport

extension SeededGenerator {
  /// Random bytes, of which about one in `spacing` is a newline.
  mutating func text(_ count: Int, newlineEvery spacing: Int) -> [UInt8] {
    (0..<count).map { _ in
      Int.random(in: 0..<spacing, using: &self) == 0 ? 10 : UInt8.random(in: 11...255, using: &self)
    }
  }
}
