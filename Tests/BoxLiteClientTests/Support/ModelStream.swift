import TestSupport

/// One stream as a real server has it: all bytes, in chunks, of which the backlog keeps the last 256 KiB.
struct ModelStream {
  enum Kind: CaseIterable, Sendable {
    /// Nothing comes twice.
    case chance
    /// Numbered lines.
    case lines
    /// A block that comes again and again, as `yes` writes.
    case periodic
  }

  let bytes: [UInt8]
  /// The first byte of each chunk, and the end.
  let bounds: [Int]

  init(_ kind: Kind, upTo limit: Int, _ random: inout SeededGenerator) {
    let length = Int.random(in: 0...limit, using: &random)
    bytes = Self.bytes(kind, length, &random)
    let largest = [16, 700, 4096, 65_536].randomElement(using: &random) ?? 1
    var bounds = [0]
    while let last = bounds.last, last < length {
      // Short lines come in short chunks, but not in thousands of them.
      let least = max(1, length / 400)
      bounds.append(min(length, last + Int.random(in: least...max(least, largest), using: &random)))
    }
    self.bounds = bounds
  }

  private static func bytes(_ kind: Kind, _ length: Int, _ random: inout SeededGenerator) -> [UInt8] {
    switch kind {
    case .chance:
      var bytes: [UInt8] = []
      while bytes.count < length { withUnsafeBytes(of: random.next()) { bytes += $0 } }
      return Array(bytes.prefix(length))
    case .lines:
      var (bytes, number) = ([UInt8](), 0)
      while bytes.count < length {
        number += 1
        bytes += Array("line \(number) of the output\n".utf8)
      }
      return Array(bytes.prefix(length))
    case .periodic:
      let block = (0..<Int.random(in: 1...2000, using: &random)).map { _ in
        UInt8.random(in: 0...3, using: &random)
      }
      return (0..<length).map { block[$0 % block.count] }
    }
  }

  /// Chunks that there are.
  var chunks: Int { bounds.count - 1 }

  /// The first chunk that the backlog still has when so many were written.
  func backlog(_ written: Int, keeping limit: Int = 262_144) -> Int {
    var first = written
    // The newest one is always kept.
    while first > 0, first == written || bounds[written] - bounds[first - 1] <= limit { first -= 1 }
    return first
  }

  func chunk(_ index: Int) -> [UInt8] { Array(bytes[bounds[index]..<bounds[index + 1]]) }
}
