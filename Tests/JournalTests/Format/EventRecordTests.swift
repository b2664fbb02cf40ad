import ExecModel
import Testing

@testable import Journal

@Suite struct EventRecordTests {
  private func bytes(_ event: ExecutionEvent, _ sequence: UInt64, _ time: UInt64) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: EventRecord.size)
    bytes.withUnsafeMutableBytes { EventRecord(event).store(into: $0, sequence: sequence, time: time) }
    return bytes
  }

  @Test(arguments: Events.all)
  func `every event comes back from its 64 bytes`(event: ExecutionEvent) throws {
    let bytes = bytes(event, 5, .max)
    let loaded = try #require(bytes.withUnsafeBytes { EventRecord.load($0, sequence: 5) })
    #expect(loaded.record.event == event)
    #expect(loaded.time == .max)
  }

  @Test func `a record with any bit turned is no record`() {
    let good = bytes(.output(.stderr, range: 3..<9, lines: 2), 7, 1234)
    for bit in 0..<(EventRecord.size * 8) {
      var bad = good
      bad[bit / 8] ^= 1 << (bit % 8)
      #expect(bad.withUnsafeBytes { EventRecord.load($0, sequence: 7) } == nil, "bit \(bit)")
    }
  }

  @Test func `a record at another place, a short one and a hole are no records`() {
    let good = bytes(.forceClosed, 7, 0)
    #expect(good.withUnsafeBytes { EventRecord.load($0, sequence: 8) } == nil)
    #expect(good.prefix(63).withUnsafeBytes { EventRecord.load($0, sequence: 7) } == nil)
    let hole = [UInt8](repeating: 0, count: EventRecord.size)
    #expect(hole.withUnsafeBytes { EventRecord.load($0, sequence: 0) } == nil)
  }

  @Test func `output of a version that did not note it does not say whether it ends a line`() {
    var record = EventRecord(.output(.stdout, range: 1..<2, lines: 1, endsLine: true))
    for unknown: UInt8 in [0, 3, 255] {
      record.status = unknown
      #expect(record.event == .output(.stdout, range: 1..<2, lines: 1, endsLine: nil))
    }
  }

  @Test func `fields that make no event give none`() {
    #expect(EventRecord(kind: 0).event == nil)
    #expect(EventRecord(kind: 200).event == nil)
    var output = EventRecord(.output(.stdout, range: 1..<2, lines: 0))
    output.first = 3
    #expect(output.event == nil, "a range that ends before it begins")
    output.first = 0
    output.stream = 3
    #expect(output.event == nil, "a third stream")
    var exited = EventRecord(.exited(.timedOut))
    exited.status = 77
    #expect(exited.event == nil)
  }
}
