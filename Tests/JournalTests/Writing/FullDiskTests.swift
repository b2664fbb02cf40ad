import ExecModel
import Journal
import SystemPackage
import TestSupport
import Testing

@Suite(.enabled(if: SmallDisk.isPossible, "a small tmpfs can be mounted by root only"))
struct FullDiskTests {
  private let chunk = (0..<(64 << 10)).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ 1) }

  @Test func `a chunk on a full disk is taken in part, and the rest when there is space again`() throws {
    let disk = try SmallDisk(kilobytes: 512)
    defer { disk.unmount() }
    var journal = try TestJournal(in: disk.path.string)
    var expected: [UInt8] = []
    var error: Errno?
    while error == nil {
      let before = journal.counts.stdout
      error = journal.output(.stdout, chunk)
      expected += chunk.prefix(Int(journal.counts.stdout - before))
      try #require(expected.count < 1 << 20, "the disk never became full")
    }
    #expect(error == .noSpace)
    #expect(expected.count % chunk.count != 0, "no chunk was taken in part")
    let again = journal.output(.stdout, chunk)
    #expect(again == .noSpace)
    journal.publish(.stalled(.stdout, errno: 28))

    let evicted = journal.evict(limit: 128 << 10)
    #expect(evicted != nil)
    journal.publish(.resumed(.stdout))
    let resumed = journal.output(.stdout, chunk)
    #expect(resumed == nil)
    expected += chunk
    let reader = try journal.reader()
    let start = reader.heads().stdout
    #expect(try reader.bytes(.stdout, start..<UInt64(expected.count)) == Array(expected[Int(start)...]))
    #expect(try reader.records(from: 0, limit: .max).map(\.event) == journal.published)
  }

  @Test func `nothing is taken that could not be recorded`() throws {
    let disk = try SmallDisk(kilobytes: 512)
    defer { disk.unmount() }
    var journal = try TestJournal(in: disk.path.string)
    journal.output(.stdout, [UInt8](repeating: 65, count: 100))
    try disk.fill()
    var taken = 0
    while journal.output(.stdout, [66]) == nil { taken += 1 }
    #expect(taken > 10, "a page of the stream's file has room for more")
    #expect(journal.counts.stdout == UInt64(100 + taken))
    #expect(try journal.reader().records(from: 0, limit: .max).map(\.event) == journal.published)
    disk.empty()
    let resumed = journal.output(.stdout, chunk)
    #expect(resumed == nil)
  }

  @Test func `notices, the exit and its waits are written on a disk without any room`() throws {
    let disk = try SmallDisk(kilobytes: 512)
    defer { disk.unmount() }
    var journal = try TestJournal(in: disk.path.string)
    journal.output(.stdout, [66])
    try disk.fill()
    while journal.output(.stdout, [66]) == nil {}
    for stream in ExecStream.allCases {
      journal.publish(.stalled(stream, errno: 28))
      journal.publish(.resumed(stream))
    }
    journal.publish(.forceClosed)
    journal.publish(.exited(.signalled(9, coreDumped: false)))
    for stream in ExecStream.allCases { journal.publish(.endOfStream(stream)) }
    journal.publish(.exit(Conclusion(outcome: Outcome(status: .forceClosed))))
    for waiter in 0..<30 { journal.publish(.wait(waiter: UInt64(waiter))) }
    #expect(try journal.reader().records(from: 0, limit: .max).map(\.event) == journal.published)
  }

  @Test func `an execution that was not short has room for hundreds of waits`() throws {
    let disk = try SmallDisk(kilobytes: 512)
    defer { disk.unmount() }
    var journal = try TestJournal(in: disk.path.string)
    for _ in 0..<100 { journal.output(.stdout, [66]) }
    try disk.fill()
    while journal.output(.stdout, [66]) == nil {}
    journal.publish(.exit(Conclusion(outcome: Outcome(status: .exited(0)))))
    for waiter in 0..<255 { journal.publish(.wait(waiter: UInt64(waiter))) }
    #expect(try journal.reader().records(from: 0, limit: .max).map(\.event) == journal.published)
  }

  @Test func `endless notices on a full disk leave the room of the end alone`() throws {
    let disk = try SmallDisk(kilobytes: 512)
    defer { disk.unmount() }
    var journal = try TestJournal(in: disk.path.string)
    try disk.fill()
    var error: Errno?
    var notices = 0
    while error == nil, notices < 10_000 {
      error = journal.writer.publish(.stalled(.stdout, errno: 28), at: 0)
      notices += 1
    }
    #expect(error == .noSpace)
    journal.publish(.exit(Conclusion(outcome: Outcome(status: .lost))))
    for waiter in 0..<30 { journal.publish(.wait(waiter: UInt64(waiter))) }
  }

  @Test func `a failed creation of a journal is reported and leaves no folder`() throws {
    let disk = try SmallDisk(kilobytes: 64)
    defer { disk.unmount() }
    try disk.fill()
    let error = #expect(throws: JournalError.self) { try TestJournal(in: disk.path.string) }
    #expect(error?.errno == .noSpace)
    #expect(ScratchFolder.names(in: disk.path.string) == ["ballast"])
  }

  @Test func `a journal that cannot get its first room leaves no folder`() throws {
    let disk = try SmallDisk(kilobytes: 4)
    defer { disk.unmount() }
    let folder = ScratchFolder(in: disk.path.string)
    let directory = folder.path.appending("x")
    let error = #expect(throws: JournalError.self) {
      try JournalWriter(
        creating: directory, identity: try TestJournal.identity(), spec: ExecutionSpec(command: ["true"]))
    }
    #expect(error?.errno == .noSpace)
    #expect(error?.path == directory.string + "/events")
    #expect(ScratchFolder.names(in: folder.path.string) == [])
  }
}
