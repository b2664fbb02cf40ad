import Console
import ExecModel
import Journal
import SystemPackage
import TestSupport
import Testing

@testable import Headless

@Suite struct RecordedOutputReaderTests {
  private let folder = ScratchFolder()
  private static let chunk: UInt64 = 64 << 10

  /// A journal of a hundred chunks, of which the oldest are evicted.
  private func journal() throws -> (reader: JournalReader, head: UInt64) {
    let id = try #require(ExecutionID("x"))
    let writer = try JournalWriter(
      creating: folder.path.appending("x"), identity: JournalIdentity(id: id, box: "local", created: 1, watcher: 1),
      spec: ExecutionSpec(command: ["x"], keep: .bytes(4 << 20)))
    for index in 0..<100 {
      _ = writer.store(.stdout, [UInt8](repeating: UInt8(index), count: Int(Self.chunk)).span.bytes)
      let start = UInt64(index) * Self.chunk
      #expect(writer.publish(.output(.stdout, range: start..<start + Self.chunk, lines: 0), at: 0) == nil)
    }
    let plan = try #require(writer.planEviction(limit: 4 << 20, retainingFrom: nil))
    writer.evict(plan)
    return (try JournalReader(opening: folder.path.appending("x")), plan.heads.stdout)
  }

  private func chunks(_ range: Range<UInt64>) -> [Range<UInt64>] {
    range.map { $0 * Self.chunk..<($0 + 1) * Self.chunk }
  }

  @Test func `adjacent lost bytes are reported once, before the next bytes`() throws {
    let (journal, head) = try journal()
    var story: [String] = []
    let reader = RecordedOutputReader { story.append("\($0.name) \($1)") }
    for range in chunks(0..<100) {
      try reader.read(journal, .stdout, range) { offset, bytes in
        if story.count < 2 { story.append("\(offset) \(bytes.count)") }
      }
    }
    #expect(story == ["stdout 0..<\(head)", "\(head) \(Self.chunk)"])
  }

  @Test func `records that were skipped count as gone, and at the end too`() throws {
    let (journal, head) = try journal()
    var gaps: [Range<UInt64>] = []
    let reader = RecordedOutputReader { gaps.append($1) }
    try reader.read(journal, .stdout, chunks(98..<99)[0]) { _, _ in }
    #expect(gaps == [0..<98 * Self.chunk])
    let late = RecordedOutputReader { gaps.append($1) }
    try late.read(journal, .stdout, chunks(0..<1)[0]) { _, _ in }
    #expect(gaps.count == 1)
    try late.finish(.stdout)
    #expect(gaps.last == 0..<Self.chunk)
    #expect(head > Self.chunk)
  }

  @Test func `a consumer that needs every byte fails instead`() throws {
    let (journal, _) = try journal()
    #expect(throws: Failure.self) { try RecordedOutputReader().read(journal, .stdout, chunks(0..<1)[0]) { _, _ in } }
    #expect(throws: Failure.self) { try RecordedOutputReader().read(journal, .stdout, chunks(99..<100)[0]) { _, _ in } }
  }
}
