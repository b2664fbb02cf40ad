import ExecModel
import Journal
import SystemPackage
import Testing

@Suite struct RetentionTests {
  private let over = JournalState.finished(Conclusion(outcome: Outcome(status: .exited(0))))

  private func entry(_ id: String, _ created: UInt64, _ state: JournalState, bytes: UInt64 = 10) throws -> JournalEntry
  {
    JournalEntry(
      directory: FilePath("/none").appending(id), identity: try TestJournal.identity(id, created: created),
      spec: ExecutionSpec(command: ["true"]), state: state, diskBytes: bytes)
  }

  private func names(_ retention: Retention, _ entries: [JournalEntry]) -> [String] {
    retention.victims(of: entries).map(\.identity.id.description)
  }

  @Test func `within both limits nothing goes`() throws {
    let entries = [try entry("a", 1, over), try entry("b", 2, .interrupted)]
    #expect(names(Retention(count: 2, bytes: 20), entries) == [])
    #expect(names(Retention(count: 0, bytes: 0), []) == [])
  }

  @Test func `over the count the oldest go first, in whatever order they come`() throws {
    let entries = [try entry("c", 3, over), try entry("a", 1, .interrupted), try entry("b", 2, over)]
    #expect(names(Retention(count: 1, bytes: .max), entries) == ["a", "b"])
    #expect(names(Retention(count: 2, bytes: .max), entries) == ["a"])
  }

  @Test func `over the size the oldest go until the rest fits`() throws {
    let entries = [
      try entry("a", 1, over, bytes: 100), try entry("b", 2, over, bytes: 1), try entry("c", 3, over, bytes: 50),
    ]
    #expect(names(Retention(count: 9, bytes: 150), entries) == ["a"])
    #expect(names(Retention(count: 9, bytes: 50), entries) == ["a", "b"])
    #expect(names(Retention(count: 9, bytes: 49), entries) == ["a", "b", "c"])
  }

  @Test func `a running one never goes, but it counts`() throws {
    let entries = [
      try entry("a", 1, .running, bytes: 1000), try entry("b", 2, over), try entry("c", 3, .running),
      try entry("d", 4, .interrupted),
    ]
    #expect(names(Retention(count: 3, bytes: .max), entries) == ["b"])
    #expect(names(Retention(count: 0, bytes: .max), entries) == ["b", "d"])
    #expect(names(Retention(count: 9, bytes: 1010), entries) == ["b", "d"])
  }
}
