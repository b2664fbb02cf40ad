import ExecModel
import Journal
import SystemPackage
import TestSupport
import Testing

@testable import boxwatch

@Suite struct ForgedJournalTests {
  /// The run is over when one traps: the seed that was printed last is the one to try again.
  @Test func `a journal whose checks are right and whose values are impossible is read or refused, and never a trap`() {
    let first = UInt64.random(in: .min ... .max)
    print("forged journals: first seed \(first)")
    var opened = 0
    for trial in 0..<150 as Range<UInt64> {
      let folder = ScratchFolder()
      var journal = ForgedJournal(SeededGenerator(seed: first &+ trial))
      let directory = journal.write(below: folder.path)
      if (try? JournalReader(opening: directory)) != nil { opened += 1 }
      EveryReading(directory: directory).run()
    }
    #expect(opened > 50, "seed \(first): hardly any of them can be opened, so that little is tested")
  }
}
