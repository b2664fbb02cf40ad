import RaceLab
import Testing

/// What each dispatcher loses, told a second time from the letters of a schedule's text alone.
@Suite struct OracleTests {
  /// The letters' places in a schedule without a second waiter.
  private struct Places {
    let text: [Character]

    init(_ schedule: Schedule) { text = Array(schedule.text.drop { $0 != ":" }.dropFirst()) }

    subscript(letter: Character) -> Int { text.firstIndex(of: letter) ?? -1 }

    /// The place of the last chunk of any stream.
    var lastChunk: Int { text.lastIndex { $0 == "o" || $0 == "e" } ?? -1 }
    /// The place at which both streams have ended.
    var bothEnds: Int { max(self["O"], self["E"]) }
    /// The place at which late-registration ends: the pumps that delivered before the exit, and the exit.
    var knownEnds: Int {
      let stdout = self["o"] < self["x"] ? self["O"] : -1
      let stderr = self["e"] < self["x"] ? self["E"] : -1
      return max(self["x"], stdout, stderr)
    }
  }

  private func expect(
    _ kind: DispatcherKind, in text: String, toLose oracle: (Places) -> Bool
  ) throws -> Int {
    var walker = ScheduleWalkerProbe(try Scenarios.scenario(text))
    var losing = 0
    while let schedule = walker.next() {
      let isLosing = LabSession(schedule, kinds: [kind]).verdicts[0].isLosing
      #expect(isLosing == oracle(Places(schedule)), "\(kind.name) \(schedule.text)")
      if isLosing { losing += 1 }
    }
    return losing
  }

  @Test func `exit-first loses where a chunk stands after the exit`() throws {
    #expect(try expect(.exitFirst, in: "o2e2") { $0.lastChunk > $0["x"] } == 88)
  }

  @Test func `exit-gated loses where the wait is answered before the last end of stream`() throws {
    #expect(try expect(.exitGated, in: "o2e1w1") { max($0["x"], $0["w"]) < max($0["x"], $0.bothEnds) } > 0)
  }

  @Test func `late-registration loses where a chunk stands after the ends of the pumps it knew`() throws {
    #expect(try expect(.lateRegistration, in: "o2e2") { $0.lastChunk > $0.knownEnds } == 32)
  }

  @Test func `fixed-timer loses where a chunk stands after the deadline`() throws {
    #expect(try expect(.fixedTimer, in: "o2e1d") { $0.lastChunk > $0["d"] } > 0)
  }

  @Test func `until-empty loses where the grandchild outlives the exit`() throws {
    #expect(try expect(.untilEmpty, in: "o1e1g") { $0["G"] > $0["x"] } == 448)
  }

  @Test func `eof-only loses where the exit comes last`() throws {
    #expect(try expect(.endOfStreamOnly, in: "o2e2") { $0["x"] > $0.bothEnds } == 20)
  }
}
