import ExecModel
import Glibc
import Synchronization
import SystemPackage
import TestSupport
import Testing

@testable import Journal

@Suite struct JournalPrunerTests {
  /// In memory: ext4 looks long for an inode that was not freed in the last seconds (`recently_deleted`).
  private let folder = ScratchFolder(in: "/dev/shm")
  private var catalogue: JournalCatalogue { JournalCatalogue(directory: folder.path) }
  private static let over = ExecutionEvent.exit(Conclusion(outcome: Outcome(status: .exited(0))))

  private func pruner(_ count: JournalCount, keeping kept: Int = 200, bytes: UInt64 = 16 << 30) -> JournalPruner {
    JournalPruner(catalogue, count, Retention(count: kept, bytes: bytes))
  }

  /// One slice of a pass; nil while another prunes.
  private func slice(_ count: JournalCount, keeping kept: Int, atMost most: Int) -> Bool? {
    guard let lock = count.lock() else { return nil }
    return pruner(count, keeping: kept).prune(atMost: most, holding: lock)
  }

  private static func name(_ number: Int) -> String {
    "20261124-055827-" + String(repeating: "0", count: 6 - String(number).count) + "\(number)-k3f9x-1"
  }

  @discardableResult
  private func make(
    _ number: Int, _ count: JournalCount? = nil, output: Int = 0, ends: Bool = true
  ) throws -> JournalWriter {
    let identity = try TestJournal.identity(Self.name(number))
    let writer = try JournalWriter(
      creating: catalogue.directory(of: identity.id), identity: identity, spec: ExecutionSpec(command: ["true"]),
      countedBy: count)
    let bytes = [UInt8](repeating: 1, count: output)
    if output > 0 { #expect(writer.store(.stdout, bytes.span.bytes).taken == output) }
    if ends {
      #expect(writer.publish(Self.over, at: 1) == nil)
      writer.close()
    }
    return writer
  }

  private func isTaken(_ count: JournalCount) -> Bool { count.lock() == nil }

  private var names: [String] { ScratchFolder.names(in: folder.path.string).filter { !$0.hasPrefix(".") }.sorted() }

  @Test func `of 20,000 journals from eight writers at a time the newest 200 stay, and never a tenth more`() throws {
    let many = 20_000
    let next = Atomic<Int>(0)
    let most = Atomic<Int>(0)
    let failures = Atomic<Int>(0)
    Threads.run(
      (0..<8).map { _ in
        {
          while true {
            let number = next.add(1, ordering: .relaxed).oldValue
            guard number < many else { return }
            // A count and a pruner of its own, as a process of its own would have.
            let count = JournalCount(self.folder.path)
            do { try self.make(number, count) } catch { failures.add(1, ordering: .relaxed) }
            self.pruner(count).finish()
            if number % 50 == 0 { most.max(self.names.count, ordering: .relaxed) }
          }
        }
      })
    #expect(failures.load(ordering: .relaxed) == 0)
    // Each of the eight may have made one more since the count was looked at.
    #expect(most.load(ordering: .relaxed) <= 220 + 8)
    #expect((200...220).contains(names.count))
    #expect(names.suffix(200) == (many - 200..<many).map(Self.name)[...])
    #expect(try catalogue.list().skipped == [])
  }

  @Test func `a pruner that was killed, or whose count was lost, is made up for by the next`() throws {
    let count = JournalCount(folder.path)
    for number in 0..<300 { try make(number) }
    // What was killed in the middle left a count that was begun again.
    count.restart()
    for number in 300..<310 { try make(number, count) }
    pruner(count).finish()
    #expect(names.count == 200)
    #expect(unlink(count.path) == 0)
    for number in 310..<330 { try make(number, count) }
    pruner(count).finish()
    #expect(names == (130..<330).map(Self.name))
  }

  @Test func `a thread that prunes leaves the work to another that is at it`() throws {
    let count = JournalCount(folder.path)
    for number in 0..<30 { try make(number, count) }
    do {
      let lock = count.lock()
      #expect(isTaken(count))
      pruner(count, keeping: 5).prune()
      #expect(names.count == 30)
      withExtendedLifetime(lock) {}
    }
    pruner(count, keeping: 5).prune()
    #expect(names.count == 5)
    #expect(!count.isDue)
  }

  @Test func `a run does not wait for ever for a process that is stopped while it prunes`() throws {
    let count = JournalCount(folder.path)
    for number in 0..<30 { try make(number, count) }
    do {
      let lock = count.lock()
      pruner(count, keeping: 5).finish()
      #expect(names.count == 30 && count.isDue)
      withExtendedLifetime(lock) {}
    }
    pruner(count, keeping: 5).finish()
    #expect(names.count == 5)
  }

  @Test func `the next pruner removes what one could not`() throws {
    let count = JournalCount(folder.path)
    for number in 0..<30 { try make(number, count) }
    #expect(slice(count, keeping: 5, atMost: 10) == false)
    #expect(names.count == 20 && count.isDue)
    #expect(slice(count, keeping: 5, atMost: 15) == true)
    #expect(names.count == 5 && !count.isDue)
  }

  @Test func `a running journal stays, however old it is`() throws {
    let count = JournalCount(folder.path)
    let running = try make(0, count, ends: false)
    for number in 1..<40 { try make(number, count) }
    pruner(count, keeping: 10).finish()
    #expect(names == [Self.name(0)] + (30..<40).map(Self.name))
    running.close()
    count.makeDue()
    pruner(count, keeping: 10).finish()
    #expect(names == (30..<40).map(Self.name))
  }

  @Test func `a journal that is still read stays until its reader closes it`() throws {
    let count = JournalCount(folder.path)
    try make(0, count)
    var hold = JournalHold(folder.path.appending(Self.name(0)))
    #expect(hold != nil)
    for number in 1..<30 { try make(number, count) }
    pruner(count, keeping: 5).finish()
    #expect(names == [Self.name(0)] + (25..<30).map(Self.name))
    hold = nil
    count.makeDue()
    pruner(count, keeping: 5).finish()
    #expect(names == (25..<30).map(Self.name))
  }

  @Test func `a hold that the writer gave keeps the journal when the writer has closed`() throws {
    let count = JournalCount(folder.path)
    let writer = try make(0, count, ends: false)
    var hold = writer.hold()
    #expect(hold === writer.hold())
    writer.close()
    #expect(hold === writer.hold())
    for number in 1..<30 { try make(number, count) }
    pruner(count, keeping: 5).finish()
    #expect(names == [Self.name(0)] + (25..<30).map(Self.name))
    hold = nil
    count.makeDue()
    pruner(count, keeping: 5).finish()
    #expect(names == (25..<30).map(Self.name))
    #expect(writer.hold() == nil)
  }

  @Test func `a pruner that looks while the writer closes does not break the hold`() throws {
    for number in 0..<300 {
      let writer = try make(number, ends: false)
      let hold = writer.hold()
      #expect(hold != nil)
      let isClosed = Atomic<Bool>(false)
      let catalogue = catalogue
      Threads.run([
        {
          guard let folder = try? catalogue.open() else { return }
          while !isClosed.load(ordering: .acquiring) { _ = folder.removeUnused(Self.name(number)) }
        },
        {
          writer.close()
          isClosed.store(true, ordering: .releasing)
        },
      ])
      #expect(names.last == Self.name(number))
      withExtendedLifetime(hold) {}
    }
  }

  @Test func `the oldest journals are removed until the size of the rest fits`() throws {
    let count = JournalCount(folder.path)
    for number in 0..<4 { try make(number, output: 1 << 20) }
    #expect(!count.isDue)
    count.noteEnded(bytes: 2 << 30)
    #expect(count.isDue)
    pruner(count, bytes: 3 << 20).finish()
    // Each takes its output and two pages.
    #expect(names == [Self.name(2), Self.name(3)])
  }

  @Test func `leftovers of a dead process are swept and never listed`() throws {
    try make(1)
    try make(2)
    let base = folder.path
    let old = base.appending(".new-old")
    #expect(rename(base.appending(Self.name(1)).string, old.string) == 0)
    #expect(mkdir(base.appending(".new-empty").string, 0o700) == 0)
    let young = base.appending(".new-young")
    #expect(mkdir(young.string, 0o700) == 0)
    #expect(rename(base.appending(Self.name(2)).string, base.appending(".gone-x").string) == 0)
    let living = try make(3, ends: false)
    #expect(rename(base.appending(Self.name(3)).string, base.appending(".new-living").string) == 0)
    for name in ["old", "empty", "living"] {
      var times = [timeval(tv_sec: 1000, tv_usec: 0), timeval(tv_sec: 1000, tv_usec: 0)]
      #expect(utimes(base.appending(".new-" + name).string, &times) == 0)
    }
    #expect(try catalogue.list() == JournalListing())
    let count = JournalCount(base)
    count.makeDue()
    pruner(count).finish()
    #expect(ScratchFolder.names(in: base.string).sorted() == [".made", ".new-living", ".new-young"])
    living.close()
  }

  @Test func `a writer that fails in the middle leaves nothing`() throws {
    let path = folder.path.appending(Self.name(1))
    #expect(mkdir(path.string, 0o700) == 0)
    close(open(path.appending("mine").string, O_CREAT | O_WRONLY, 0o600))
    let error = #expect(throws: JournalError.self) { try make(1) }
    #expect(error?.errno == .fileExists)
    #expect(ScratchFolder.names(in: folder.path.string) == [Self.name(1)])
    #expect(ScratchFolder.names(in: path.string) == ["mine"])
  }
}
