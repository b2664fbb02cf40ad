/// Where the end of what was received can lie in a replay: all lengths that fit, found in one pass.
///
/// Knuth, Morris and Pratt's automaton of the replay runs over what was received (SIAM J. Comput. 6, 1977).
struct Overlap {
  /// The largest overlap that nothing contradicts; more than the replay's bytes so far when all of them lie within.
  let largest: Int
  /// The largest one that the replay's bytes so far show whole; 0 for none.
  let shown: Int
  /// The next smaller one of these; 0 for none.
  let second: Int

  /// - Parameter tail: the last bytes that were received.
  /// - Parameter replay: the first bytes of the replay.
  init(_ tail: [UInt8], _ replay: [UInt8]) {
    let length = min(tail.count, replay.count)
    let failure = Self.failure(replay, length)
    var state = 0
    var first: Int?
    for (index, byte) in tail.enumerated() {
      while state > 0, state == length || replay[state] != byte { state = Int(failure[state - 1]) }
      if state < length, replay[state] == byte { state += 1 }
      if state == length, length > 0, first == nil { first = index + 1 - length }
    }
    shown = state
    largest = first.map { tail.count - $0 } ?? state
    second = state > 0 ? Int(failure[state - 1]) : 0
  }

  /// For each beginning of the pattern, the longest shorter one that is also its end.
  private static func failure(_ pattern: [UInt8], _ length: Int) -> [Int32] {
    var failure = [Int32](repeating: 0, count: length)
    var state = 0
    for index in stride(from: 1, to: length, by: 1) {
      while state > 0, pattern[state] != pattern[index] { state = Int(failure[state - 1]) }
      if pattern[state] == pattern[index] { state += 1 }
      failure[index] = Int32(state)
    }
    return failure
  }
}
