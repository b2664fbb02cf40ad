import TestSupport
import Testing

@testable import Journal

@Suite struct LineIndexTests {
  @Test func `however long the stream, the index stays small and its places true`() {
    var index = LineIndex()
    var offset: UInt64 = 0
    var random = SeededGenerator(seed: 1)
    for _ in 0..<200_000 {
      offset += UInt64.random(in: 1...(1 << 20), using: &random)
      index.note(offset, lines: offset / 10)
      #expect(index.checkpoints.count <= LineIndex.capacity)
    }
    #expect(index.checkpoints.count > LineIndex.capacity / 4)
    #expect(index.checkpoints.first == LineIndex.Checkpoint(offset: 0, lines: 0))
    #expect(index.checkpoints.allSatisfy { $0.lines == $0.offset / 10 })
    #expect(zip(index.checkpoints, index.checkpoints.dropFirst()).allSatisfy { $0.offset < $1.offset })
    #expect(offset - (index.checkpoints.last?.offset ?? 0) <= index.stride + (1 << 20))
  }

  @Test func `the places around an offset and a line are the nearest`() {
    var index = LineIndex()
    for place in [UInt64(100_000), 200_000, 300_000] { index.note(place, lines: place / 100) }
    #expect(index.around(offset: 0).before.offset == 0)
    #expect(index.around(offset: 99_999).after?.offset == 100_000)
    #expect(index.around(offset: 100_000).before.offset == 100_000)
    #expect(index.around(offset: 300_001).after == nil)
    #expect(index.around(line: 1000).before.offset == 0, "the line's start may stand before the place")
    #expect(index.around(line: 1001).before.offset == 100_000)
    #expect(index.around(line: 0).before.offset == 0)
  }

  @Test func `a place that goes back is not noted`() {
    var index = LineIndex()
    index.note(200_000, lines: 5)
    index.note(100_000, lines: 9)
    #expect(index.checkpoints.map(\.offset) == [0, 200_000])
  }
}
