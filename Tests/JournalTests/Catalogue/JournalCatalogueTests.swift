import ExecModel
import Glibc
import Journal
import SystemPackage
import TestSupport
import Testing

@Suite struct JournalCatalogueTests {
  private let folder: ScratchFolder
  private let catalogue: JournalCatalogue

  init() throws {
    folder = ScratchFolder()
    catalogue = JournalCatalogue(directory: folder.path.appending("state/executions"))
  }

  private func start(_ id: String, created: UInt64) throws -> JournalWriter {
    let identity = try TestJournal.identity(id, created: created)
    let spec = ExecutionSpec(command: ["echo", id])
    return try JournalWriter(creating: catalogue.directory(of: identity.id), identity: identity, spec: spec)
  }

  private let over = Conclusion(outcome: Outcome(status: .exited(0)))

  @Test func `a catalogue whose folder is missing is empty, and one that cannot be read says so`() throws {
    #expect(try catalogue.list() == JournalListing())
    let file = folder.path.appending("file")
    close(open(file.string, O_CREAT | O_WRONLY, 0o600))
    let error = #expect(throws: JournalError.self) { try JournalCatalogue(directory: file).list() }
    #expect(error?.errno == .notDirectory)
  }

  @Test func `journals are listed newest first, with their state`() throws {
    let running = try start("b", created: 2)
    let finished = try start("a", created: 1)
    #expect(finished.publish(.exit(over), at: 5) == nil)
    finished.close()
    let interrupted = try start("c", created: 3)
    interrupted.close()
    let tie = try start("d", created: 3)
    let listing = try catalogue.list()
    #expect(listing.skipped == [])
    #expect(listing.entries.map(\.identity.id.description) == ["d", "c", "b", "a"])
    #expect(listing.entries.map(\.state) == [.running, .interrupted, .running, .finished(over)])
    #expect(listing.entries.map(\.spec.command) == [["echo", "d"], ["echo", "c"], ["echo", "b"], ["echo", "a"]])
    #expect(listing.entries.map(\.diskBytes).min() ?? 0 >= 4096)
    running.close()
    tie.close()
  }

  @Test func `a closed journal can be removed while a child between fork and exec has its descriptors`() throws {
    let writer = try start("a", created: 1)
    let id = try #require(ExecutionID("a"))
    // What fork does to a descriptor: another one of the same open file.
    let events = catalogue.directory(of: id).appending("events").string
    let copies = ScratchFolder.names(in: "/proc/self/fd").compactMap { Int32($0) }.filter { descriptor in
      var target = [CChar](repeating: 0, count: 4096)
      let count = readlink("/proc/self/fd/\(descriptor)", &target, target.count)
      return count > 0 && String(decoding: target[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self) == events
    }.map { dup($0) }
    #expect(copies.count == 1)
    defer { for copy in copies { close(copy) } }
    #expect(throws: JournalError.self) { try catalogue.remove(id) }
    writer.close()
    try catalogue.remove(id)
  }

  @Test func `broken folders are left out, each with a reason`() throws {
    try start("good", created: 1).close()
    try start("moved", created: 2).close()
    try start("torn", created: 3).close()
    let base = catalogue.directory
    #expect(rename(base.appending("moved").string, base.appending("other").string) == 0)
    #expect(truncate(base.appending("torn/events").string, 100) == 0)
    #expect(mkdir(base.appending("empty").string, 0o700) == 0)
    #expect(mkdir(base.appending(".hidden").string, 0o700) == 0)
    close(open(base.appending("stray").string, O_CREAT | O_WRONLY, 0o600))
    let listing = try catalogue.list()
    #expect(listing.entries.map(\.identity.id.description) == ["good"])
    #expect(
      listing.skipped.map(\.description) == [
        "cannot open the journal \(base)/empty: No such file or directory",
        "cannot list \(base)/other: it holds the journal of moved",
        "cannot open the journal \(base)/stray: Not a directory",
        "cannot read the journal \(base)/torn/events: it is too short to be a journal",
      ])
  }

  @Test func `a journal that is over can be removed, also under a reader`() throws {
    let writer = try start("a", created: 1)
    #expect(writer.store(.stdout, "text".utf8Span.span.bytes).taken == 4)
    writer.close()
    let entry = try #require(try catalogue.list().entries.first)
    let reader = try JournalReader(opening: entry.directory)
    #expect(try reader.bytes(.stdout, 0..<4) == Array("text".utf8))
    try catalogue.remove(entry)
    #expect(try catalogue.list() == JournalListing())
    #expect(try reader.bytes(.stdout, 0..<4) == Array("text".utf8))
    let error = #expect(throws: JournalError.self) { try catalogue.remove(entry) }
    #expect(error?.errno == .noSuchFileOrDirectory)
  }

  @Test func `a running journal is not removed`() throws {
    let writer = try start("a", created: 1)
    let entry = try #require(try catalogue.list().entries.first)
    let error = #expect(throws: JournalError.self) { try catalogue.remove(entry) }
    #expect(error?.errno == .resourceBusy)
    #expect(writer.publish(.exit(over), at: 1) == nil)
    #expect(try catalogue.list().entries.map(\.state) == [.finished(over)])
    writer.close()
  }

  @Test func `files that others put into the folder stay`() throws {
    try start("a", created: 1).close()
    let entry = try #require(try catalogue.list().entries.first)
    close(open(entry.directory.appending("notes").string, O_CREAT | O_WRONLY, 0o600))
    let error = #expect(throws: JournalError.self) { try catalogue.remove(entry) }
    #expect(error?.errno == .directoryNotEmpty)
    #expect(ScratchFolder.names(in: entry.directory.string) == ["notes"])
  }

  @Test func `the user's catalogue follows the base directory specification`() {
    func path(_ environment: [String: String]) -> String? {
      JournalCatalogue(environment: environment)?.directory.string
    }
    #expect(path(["XDG_STATE_HOME": "/s", "HOME": "/h"]) == "/s/boxwatch/executions")
    #expect(path(["XDG_STATE_HOME": "", "HOME": "/h"]) == "/h/.local/state/boxwatch/executions")
    #expect(path(["XDG_STATE_HOME": "relative", "HOME": "/h"]) == "/h/.local/state/boxwatch/executions")
    #expect(path(["HOME": "relative"]) == nil)
    #expect(path([:]) == nil)
  }
}
