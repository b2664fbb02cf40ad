import ExecModel
import TestSupport
import Testing

@testable import Journal

@Suite struct StreamTextTests {
  /// A journal with these bytes on stdout, and the two views of them that must agree.
  private struct Subject {
    var journal: TestJournal
    let reader: JournalReader
    let text: StreamText
    var memory: InMemoryText
    var length: UInt64 { UInt64(memory.bytes.count) }

    init(_ bytes: [UInt8], chunks: (Int) -> Int = { min($0, 10_000) }) throws {
      journal = try TestJournal()
      var start = 0
      while start < bytes.count {
        let size = max(1, chunks(bytes.count - start))
        journal.output(.stdout, Array(bytes[start..<(start + size)]))
        start += size
      }
      reader = try journal.reader()
      text = StreamText(reader, .stdout)
      text.refresh(upTo: UInt64(bytes.count))
      memory = InMemoryText(bytes)
    }

    mutating func evict(limit: UInt64) {
      if let plan = journal.evict(limit: limit) { memory = InMemoryText(memory.bytes, head: plan.heads.stdout) }
    }
  }

  private func text(_ pieces: [TextPiece]) -> [String] { pieces.map { String(decoding: $0.bytes, as: UTF8.self) } }

  @Test func `lines are pieces, and the last one may lack its newline`() throws {
    let subject = try Subject(Array("one\n\ntwo\r\nthree".utf8))
    for source in [subject.text, subject.memory] as [any TextSource] {
      let pieces = source.pieces(from: 0, count: 10, limit: 15)
      #expect(text(pieces) == ["one", "", "two\r", "three"])
      #expect(pieces.map(\.range) == [0..<4, 4..<5, 5..<10, 10..<15])
      #expect(pieces.map(\.endsLine) == [true, true, true, false])
      #expect(pieces.map(\.startsLine) == [true, true, true, true])
      #expect(text(source.pieces(before: 15, count: 2, limit: 15)) == ["two\r", "three"])
      #expect(text(source.pieces(before: 10, count: 2, limit: 15)) == ["", "two\r"])
      #expect(text(source.pieces(from: 2, count: 1, limit: 15)) == [""], "moved forward to a boundary")
      #expect(text(source.pieces(from: 5, count: 9, limit: 7)) == ["tw"], "the limit ends the text")
      #expect(source.pieces(from: 15, count: 1, limit: 15) == [])
      #expect(source.pieces(before: 0, count: 1, limit: 15) == [])
      #expect((0...15).map { source.lineNumber(at: $0) } == [0, 0, 0, 0, 1, 2, 2, 2, 2, 2, 3, 3, 3, 3, 3, 3])
      #expect((0...5).map { source.offset(ofLine: $0, limit: 15) } == [0, 4, 5, 10, 15, 15])
      #expect([0, 4, 5, 6, 15, 16].map(source.endsLine) == [nil, true, true, false, false, nil])
      #expect(source.boundary(atOrBefore: 9, limit: 15) == 5)
      #expect(source.boundary(atOrBefore: 99, limit: 15) == 10)
      #expect(source.boundary(atOrBefore: 99, limit: 10) == 10)
    }
  }

  @Test func `an empty stream has no pieces`() throws {
    let subject = try Subject([])
    for source in [subject.text, subject.memory] as [any TextSource] {
      #expect(source.pieces(from: 0, count: 3, limit: 0) == [])
      #expect(source.pieces(before: 0, count: 3, limit: 0) == [])
      #expect(source.boundary(atOrBefore: 0, limit: 0) == 0)
      #expect(source.lineNumber(at: 0) == 0)
      #expect(source.offset(ofLine: 0, limit: 0) == 0)
      #expect(source.retained(limit: 0).isEmpty)
    }
  }

  @Test func `a line of ten megabytes comes in pieces of bounded length, and none splits a character`() throws {
    let subject = try Subject(Array(String(repeating: "aä日𝄞", count: 1 << 20).utf8)) { min($0, 1 << 20) }
    let pieces = subject.text.pieces(from: 0, count: .max, limit: subject.length)
    #expect(pieces.count == 320)
    #expect(pieces.allSatisfy { $0.bytes.count <= PieceRule.longest })
    #expect(pieces.allSatisfy { String(validating: $0.bytes, as: UTF8.self) != nil })
    #expect(pieces.map(\.startsLine) == [true] + Array(repeating: false, count: 319))
    #expect(pieces.flatMap(\.bytes).count == Int(subject.length))
  }

  @Test(arguments: 0..<24)
  func `forward and backward and in memory are the same pieces, whatever the bytes`(trial: Int) throws {
    let seed = UInt64.random(in: 0 ... .max)
    var random = SeededGenerator(seed: seed)
    let spacing = [2, 40, 5000, 40_000, 90_000, 1_000_000][trial % 6]
    let longest = spacing < 1000 ? 20_000 : 400_000
    let bytes = random.text(Int.random(in: 1..<longest, using: &random), newlineEvery: spacing)
    var subject = try Subject(bytes) { Int.random(in: 1...min($0, 30_000), using: &random) }
    if trial >= 12 { subject.evict(limit: UInt64(bytes.count) / 2) }
    for limit in [subject.length] + (0..<4).map({ _ in .random(in: 0...subject.length, using: &random) }) {
      check(subject, limit: limit, &random, "seed \(seed), limit \(limit)")
    }
  }

  private func check(_ subject: Subject, limit: UInt64, _ random: inout SeededGenerator, _ words: Comment) {
    let expected = subject.memory.pieces(from: 0, count: .max, limit: limit)
    let text = subject.text
    let bounds = text.retained(limit: limit)
    #expect(bounds == subject.memory.retained(limit: limit), words)
    #expect(text.pieces(from: 0, count: .max, limit: limit) == expected, words)
    #expect(text.pieces(before: limit, count: .max, limit: limit) == expected, words)
    #expect(expected.map(\.range.count).reduce(0, +) == bounds.count, words)
    for _ in 0..<60 {
      let offset = UInt64.random(in: 0...(limit + 10), using: &random)
      let count = Int.random(in: 0...4, using: &random)
      let after = subject.memory.pieces(from: offset, count: count, limit: limit)
      #expect(text.pieces(from: offset, count: count, limit: limit) == after, "\(words), from \(offset)")
      let before = subject.memory.pieces(before: offset, count: count, limit: limit)
      #expect(text.pieces(before: offset, count: count, limit: limit) == before, "\(words), before \(offset)")
      let boundary = subject.memory.boundary(atOrBefore: offset, limit: limit)
      #expect(text.boundary(atOrBefore: offset, limit: limit) == boundary, "\(words), at \(offset)")
      let place = min(offset, limit)
      #expect(text.lineNumber(at: place) == subject.memory.lineNumber(at: place), "\(words), line at \(place)")
      let line = UInt64.random(in: 0...(subject.memory.lineNumber(at: limit) + 2), using: &random)
      let start = subject.memory.offset(ofLine: line, limit: limit)
      #expect(text.offset(ofLine: line, limit: limit) == start, "\(words), line \(line)")
    }
  }

  @Test func `a growing stream keeps the boundaries it had`() throws {
    var random = SeededGenerator(seed: 5)
    let bytes = random.text(300_000, newlineEvery: 20_000)
    let subject = try Subject(bytes)
    let all = Set(subject.text.pieces(from: 0, count: .max, limit: subject.length).map(\.range.lowerBound))
    for limit in stride(from: UInt64(10), to: 300_000, by: 7919) {
      let part = subject.text.pieces(from: 0, count: .max, limit: limit).map(\.range.lowerBound)
      #expect(all.isSuperset(of: part), "limit \(limit)")
    }
  }

  @Test func `line numbers stay true behind an eviction, although the first lines cannot be counted`() throws {
    var random = SeededGenerator(seed: 6)
    let bytes = random.text(600_000, newlineEvery: 30)
    var journal = try TestJournal()
    for start in stride(from: 0, to: bytes.count, by: 5000) {
      journal.output(.stdout, Array(bytes[start..<(start + 5000)]))
    }
    let plan = journal.evict(limit: 300_000)
    let head = try #require(plan?.heads.stdout)
    let text = StreamText(try journal.reader(), .stdout)
    text.refresh(upTo: 600_000)
    let memory = InMemoryText(bytes, head: head)
    for offset in stride(from: head, through: 600_000, by: 20_011) {
      #expect(text.lineNumber(at: offset) == memory.lineNumber(at: offset))
    }
    #expect(text.lineNumber(at: 0) == memory.lineNumber(at: head))
    #expect(text.offset(ofLine: 3, limit: 600_000) == head)
  }

  @Test func `an index that was not refreshed gives true line numbers all the same`() throws {
    var random = SeededGenerator(seed: 7)
    let bytes = random.text(700_000, newlineEvery: 100)
    let subject = try Subject(bytes)
    let text = StreamText(subject.reader, .stdout)
    #expect(text.lineNumber(at: 699_999) == subject.memory.lineNumber(at: 699_999))
    let line = subject.memory.lineNumber(at: 699_999) - 5
    #expect(text.offset(ofLine: line, limit: 700_000) == subject.memory.offset(ofLine: line, limit: 700_000))
  }

  @Test func `a stream that fails to be read has no pieces`() throws {
    let journal = try TestJournal(terminal: TerminalSize())
    let text = StreamText(try journal.reader(), .stderr)
    #expect(text.pieces(from: 0, count: 3, limit: 100) == [])
    #expect(text.pieces(before: 100, count: 3, limit: 100) == [])
    #expect(text.boundary(atOrBefore: 50, limit: 100) == 0)
    #expect(text.lineNumber(at: 50) == 0)
    #expect(text.offset(ofLine: 3, limit: 100) == 100)
  }
}
