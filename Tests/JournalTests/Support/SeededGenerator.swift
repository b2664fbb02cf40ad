/// A small generator (SplitMix64) whose seed a failing test prints.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var word = state
    word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
    return word ^ (word >> 31)
  }

  /// Random bytes, of which about one in `spacing` is a newline.
  mutating func text(_ count: Int, newlineEvery spacing: Int) -> [UInt8] {
    (0..<count).map { _ in
      Int.random(in: 0..<spacing, using: &self) == 0 ? 10 : UInt8.random(in: 11...255, using: &self)
    }
  }
}
