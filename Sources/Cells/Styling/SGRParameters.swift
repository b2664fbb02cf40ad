/// The parameter bytes of one SGR sequence, read from the front.
///
/// ECMA-48 section 5.4.2: numbers separated by `;`, each with parts separated by `:`; an absent number is 0.
struct SGRParameters {
  private let bytes: UnsafeBufferPointer<UInt8>
  private var index = 0
  /// Whether there is another parameter; an empty list has one, which is 0.
  private(set) var hasNext = true

  /// Reads from bytes that hold only digits, `;` and `:`.
  init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  /// The next parameter and, when it was written with colons, its parts; -1 is an absent part.
  mutating func next() -> (value: Int, parts: [Int]) {
    let value = number()
    var parts: [Int] = []
    while index < bytes.count, bytes[index] == UInt8(ascii: ":") {
      index += 1
      parts.append(number())
    }
    hasNext = index < bytes.count
    index += 1
    return (max(0, value), parts)
  }

  private mutating func number() -> Int {
    var value = -1
    while index < bytes.count, (0x30...0x39).contains(bytes[index]) {
      value = min(99_999, max(0, value) * 10 + Int(bytes[index] - 0x30))
      index += 1
    }
    return value
  }
}
