import RaceLab
import Testing

@Suite struct ScheduleSpaceTests {
  @Test func `one chunk a stream gives thirty schedules, of which exit-first breaks fourteen`() throws {
    var exploration = Exploration(.smallest, kinds: [.exitFirst, .drainOrdered])
    #expect(!exploration.advance(by: 1000))
    #expect(exploration.results.map(\.covered) == [30, 30])
    #expect(exploration.results.map(\.losing) == [14, 0])
  }
}
