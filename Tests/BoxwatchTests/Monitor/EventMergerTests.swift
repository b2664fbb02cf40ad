import ExecModel
import TestSupport
import Testing

@testable import boxwatch

@Suite struct EventMergerTests {
  private func output(_ sequence: UInt64, _ stream: ExecStream, _ range: Range<UInt64>) -> RecordedEvent {
    RecordedEvent(
      sequence: sequence, time: sequence * 10, event: .output(stream, range: range, lines: range.upperBound / 2))
  }

  private func merged(_ events: [RecordedEvent]) -> [RecordedEvent] {
    var merger = EventMerger()
    for event in events { merger.add(event) }
    return merger.finish()
  }

  @Test func `adjacent output of a stream becomes one event, with the newest number, time and line count`() {
    let events = [output(1, .stdout, 0..<4), output(2, .stdout, 4..<10), output(3, .stdout, 10..<20)]
    let all = RecordedEvent(sequence: 3, time: 30, event: .output(.stdout, range: 0..<20, lines: 10))
    #expect(merged(events) == [all])
  }

  @Test func `streams that take turns are merged each for itself`() {
    let events = [
      output(1, .stdout, 0..<4), output(2, .stderr, 0..<1), output(3, .stdout, 4..<6), output(4, .stderr, 1..<2),
    ]
    #expect(merged(events).map(\.sequence) == [3, 4])
  }

  @Test func `no output moves past an event of another kind`() {
    let end = RecordedEvent(sequence: 2, time: 20, event: .exited(.exited(0)))
    let events = [output(1, .stdout, 0..<4), end, output(3, .stdout, 4..<6)]
    #expect(merged(events) == events)
  }

  @Test func `a gap is not merged over`() {
    let events = [output(1, .stdout, 0..<4), output(2, .stdout, 8..<9)]
    #expect(merged(events) == events)
  }

  @Test func `whatever comes, the bytes are the same and other events keep their place`() {
    var random = SeededGenerator()
    for _ in 0..<500 {
      var ends = PerStream<UInt64>()
      let events = (0..<60 as Range<UInt64>).map { sequence -> RecordedEvent in
        if UInt8.random(in: 0..<5, using: &random) == 0 {
          return RecordedEvent(sequence: sequence, time: sequence, event: .wait(waiter: sequence))
        }
        let stream: ExecStream = Bool.random(using: &random) ? .stdout : .stderr
        let start = ends[stream]
        ends[stream] += UInt64.random(in: 1...9, using: &random)
        return output(sequence, stream, start..<ends[stream])
      }
      let result = merged(events)
      for stream in ExecStream.allCases {
        var position: UInt64 = 0
        for case .output(stream, let range, _, _) in result.map(\.event) {
          #expect(range.lowerBound == position, "seed \(random.seed)")
          position = range.upperBound
        }
        #expect(position == ends[stream])
      }
      #expect(result.map(\.sequence) == result.map(\.sequence).sorted())
    }
  }

  @Test func `a finished execution is not reported again`() {
    var merger = EventMerger()
    merger.add(output(1, .stdout, 0..<4))
    #expect(merger.finish().count == 1)
    #expect(merger.finish().isEmpty)
  }
}
