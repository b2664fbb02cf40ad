import ExecEngine
import Glibc
import Linux
import Synchronization
import Testing

@testable import HostBoxes

@Suite struct PumpLoopTests {
  /// Counts its turns and asks for another after a pause, until there were three.
  private final class Patient: PumpSource {
    let loop: PumpLoop
    let turns = Atomic<Int>(0)

    init(_ loop: PumpLoop) { self.loop = loop }

    func turn(_ turn: PumpTurn) {
      if turns.add(1, ordering: .relaxed).newValue < 3 { loop.postLater(self) } else { loop.stop() }
    }
  }

  @Test func `a source that asks for a later turn waits for it without turns in between`() throws {
    let loop = try PumpLoop()
    let source = Patient(loop)
    loop.postLater(source)
    let start = MonotonicClock.now
    loop.run()
    #expect(source.turns.load(ordering: .relaxed) == 3)
    #expect(MonotonicClock.now - start >= 60_000_000)
  }
}
