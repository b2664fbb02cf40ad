import TestSupport
import Testing

@testable import ContainerBoxes

@Suite struct LogSeamTests {
  /// Reads a log in chunks of chance; what is new of it.
  private static func read(_ log: [UInt8], _ seam: inout LogSeam, _ chance: inout SeededGenerator) -> [UInt8]? {
    seam.restart()
    var new: [UInt8] = []
    var rest = log[...]
    while !rest.isEmpty {
      let chunk = Array(rest.prefix(Int.random(in: 1...40, using: &chance)))
      let step = chunk.withUnsafeBytes { seam.step($0) }
      switch step {
      case .known(let count): rest = rest.dropFirst(count)
      case .new:
        let taken = Array(chunk.prefix(Int.random(in: 1...chunk.count, using: &chance)))
        taken.withUnsafeBytes { seam.handedOn($0) }
        new += taken
        rest = rest.dropFirst(taken.count)
      case .strange: return nil
      }
    }
    return new
  }

  @Test func `a growing log is delivered once, however it is cut`() {
    var chance = SeededGenerator()
    for _ in 0..<200 {
      var seam = LogSeam()
      var (log, seen): ([UInt8], [UInt8]) = ([], [])
      for _ in 0..<6 {
        log += (0..<Int.random(in: 0...200, using: &chance)).map { _ in UInt8.random(in: 0...3, using: &chance) }
        seen += Self.read(log, &seam, &chance) ?? []
        #expect(seen == log, "seed \(chance.seed)")
        #expect(seam.isProven)
      }
    }
  }

  @Test func `a log that begins with other bytes is strange, and never handed on`() {
    var chance = SeededGenerator()
    var seam = LogSeam()
    let log = (0..<500).map { UInt8(truncatingIfNeeded: $0) }
    #expect(Self.read(log, &seam, &chance) == log)
    #expect(Self.read(Array(log.dropFirst(7)) + log, &seam, &chance) == nil)
    #expect(!seam.isProven)
  }

  @Test func `a reading that stops before the known part does proves nothing`() {
    var chance = SeededGenerator()
    var seam = LogSeam()
    #expect(Self.read([1, 2, 3], &seam, &chance) == [1, 2, 3])
    #expect(Self.read([1, 2], &seam, &chance) == [])
    #expect(!seam.isProven)
  }
}
