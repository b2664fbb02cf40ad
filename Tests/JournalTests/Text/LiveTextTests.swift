import ExecModel
import Journal
import Synchronization
import Testing

@Suite struct LiveTextTests {
  /// Lines of 10 bytes that tell their own number, in chunks that end anywhere.
  private static func text(_ range: Range<UInt64>) -> [UInt8] {
    range.map { offset in
      let line = offset / 10
      let digit = offset % 10
      return digit == 9 ? 10 : UInt8(48 + line / (0..<(8 - digit)).reduce(1) { power, _ in power * 10 } % 10)
    }
  }

  @Test func `a screen that draws while output comes and goes sees whole lines with their true numbers`() throws {
    var journal = try TestJournal(keep: .bytes(4 << 20))
    journal.output(.stdout, Self.text(0..<5003))
    let gate = Mutex(journal)
    let length = Atomic<UInt64>(5003)
    let over = Atomic<Bool>(false)
    let bad = Mutex<[String]>([])
    let heads = Mutex(Set<UInt64>())
    let directory = journal.directory
    let writing: @Sendable () -> Void = {
      gate.withLock { journal in
        for _ in 0..<400 {
          let end = journal.counts.stdout
          journal.output(.stdout, Self.text(end..<(end + 5003)))
          length.store(end + 5003, ordering: .releasing)
          journal.evict(limit: 100_000)
        }
      }
      over.store(true, ordering: .releasing)
    }
    let drawing: @Sendable () -> Void = {
      do {
        let text = StreamText(try JournalReader(opening: directory), .stdout)
        while !over.load(ordering: .acquiring) {
          let limit = length.load(ordering: .acquiring)
          text.refresh(upTo: limit)
          let bounds = text.retained(limit: limit)
          heads.withLock { _ = $0.insert(bounds.lowerBound) }
          let top = text.pieces(from: bounds.lowerBound, count: 40, limit: limit)
          let bottom = text.pieces(before: limit, count: 40, limit: limit)
          for piece in top + bottom {
            let whole = piece.bytes + (piece.endsLine ? [10] : [])
            if whole != Self.text(piece.range) { bad.withLock { $0.append("piece \(piece.range)") } }
          }
          // A drawing that took so long that its own last lines were evicted meanwhile may come out empty.
          guard text.retained(limit: limit).count > 1000 else { continue }
          if bottom.last?.range.upperBound != limit { bad.withLock { $0.append("no text at \(limit)") } }
          if text.lineNumber(at: limit) != limit / 10 { bad.withLock { $0.append("line number at \(limit)") } }
        }
      } catch { bad.withLock { $0.append("\(error)") } }
    }
    Threads.run([writing, drawing])
    #expect(bad.withLock { $0 } == [])
    #expect(heads.withLock { $0.count } > 1, "nothing was evicted while the screen was drawn")
  }
}
