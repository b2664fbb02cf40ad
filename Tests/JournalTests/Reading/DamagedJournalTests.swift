import ExecModel
import Glibc
import Journal
import SystemPackage
import TestSupport
import Testing

@Suite struct DamagedJournalTests {
  private func journal() throws -> TestJournal {
    var journal = try TestJournal()
    for event in Events.all { journal.publish(event) }
    journal.output(.stdout, Array("text\n".utf8))
    journal.writer.close()
    return journal
  }

  private func write(_ bytes: [UInt8], to path: FilePath) {
    let file = open(path.string, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    #expect(file >= 0)
    #expect(pwrite(file, bytes, bytes.count, 0) == bytes.count)
    close(file)
  }

  private func contents(_ path: FilePath) throws -> [UInt8] {
    let file = open(path.string, O_RDONLY)
    defer { close(file) }
    var bytes = [UInt8](repeating: 0, count: try FileStatus(path).length)
    #expect(pread(file, &bytes, bytes.count, 0) == bytes.count)
    return bytes
  }

  private func complaint(_ journal: borrowing TestJournal) -> String? {
    let journal = copy journal
    return (#expect(throws: JournalError.self) { try journal.reader() }).map(\.description)
  }

  @Test func `a missing folder, a missing file and an empty file are named`() throws {
    let folder = ScratchFolder()
    let missing = folder.path.appending("none")
    let error = #expect(throws: JournalError.self) { try JournalReader(opening: missing) }
    #expect(error?.errno == .noSuchFileOrDirectory)
    #expect(error?.description == "cannot open the journal \(missing): No such file or directory")
    #expect(throws: JournalError.self) { try JournalReader(opening: folder.path) }
    let journal = try journal()
    write([], to: journal.directory.appending("spec.json"))
    #expect(complaint(journal)?.contains("spec.json: it is empty") == true)
  }

  @Test func `a wrong magic, version or record size is described`() throws {
    let journal = try journal()
    let path = journal.directory.appending("events")
    let good = try contents(path)
    let cases: [(byte: Int, words: String)] = [
      (0, "it is not a boxwatch journal"), (8, "it has format 0, and this boxwatch reads format 1"),
      (12, "its records have 65 bytes instead of 64"), (16, "its header is damaged"), (47, "its header is damaged"),
    ]
    for (byte, words) in cases {
      var bad = good
      bad[byte] ^= 1
      write(bad, to: path)
      #expect(complaint(journal) == "cannot read the journal \(path): \(words)")
    }
    for length in [0, 1, 4095] {
      write(Array(good.prefix(length)), to: path)
      #expect(complaint(journal) == "cannot read the journal \(path): it is too short to be a journal")
    }
  }

  @Test func `a pipe, a folder or a huge file in place of a file does not block the reader`() throws {
    let journal = try journal()
    let events = journal.directory.appending("events").string
    #expect(unlink(events) == 0)
    #expect(mkfifo(events, 0o600) == 0)
    #expect(complaint(journal) != nil)
    #expect(unlink(events) == 0)
    #expect(mkdir(events, 0o700) == 0)
    #expect(complaint(journal) != nil)
    let other = try self.journal()
    #expect(truncate(other.directory.appending("spec.json").string, 1 << 40) == 0)
    #expect(complaint(other) != nil)
  }

  @Test func `a damaged record in the middle is an error that names it`() throws {
    var journal = try TestJournal()
    for waiter in 0..<500 { journal.publish(.wait(waiter: UInt64(waiter))) }
    journal.writer.close()
    let path = journal.directory.appending("events")
    var bytes = try contents(path)
    bytes[4096 + 100 * 64 + 20] ^= 4
    write(bytes, to: path)
    let reader = try journal.reader()
    let error = #expect(throws: JournalError.self) { try reader.records(from: 0, limit: .max) }
    #expect(error?.description == "cannot read \(path): record 100 of 500 is damaged")
    #expect(try reader.records(from: 0, limit: 100).count == 100)
    #expect(try reader.records(from: 101, limit: .max).count == 399)
  }

  @Test func `random damage is an error or a true prefix, and never a trap`() throws {
    let seed = UInt64.random(in: 0 ... .max)
    var random = SeededGenerator(seed: seed)
    let journal = try journal()
    let files = ["events", "spec.json"].map { journal.directory.appending($0) }
    let good = try files.map(contents)
    for trial in 0..<400 {
      for (path, bytes) in zip(files, good) { write(damaged(bytes, &random), to: path) }
      do {
        let reader = try journal.reader()
        let events = try reader.records(from: 0, limit: .max).map(\.event)
        #expect(events == Array(journal.published.prefix(events.count)), "seed \(seed), trial \(trial)")
        _ = try reader.liveness()
        let text = StreamText(reader, .stdout)
        text.refresh(upTo: 5)
        _ = text.pieces(from: 0, count: 5, limit: .max)
        _ = text.lineNumber(at: .max)
      } catch let error as JournalError {
        #expect(!error.description.isEmpty)
      }
    }
  }

  private func damaged(_ bytes: [UInt8], _ random: inout SeededGenerator) -> [UInt8] {
    var bytes = bytes
    switch Int.random(in: 0..<5, using: &random) {
    case 0: bytes.removeLast(Int.random(in: 0...bytes.count, using: &random))
    case 1: bytes = random.text(Int.random(in: 0..<9000, using: &random), newlineEvery: 50)
    case 2:
      for _ in 0..<Int.random(in: 1..<5, using: &random) {
        bytes[Int.random(in: 0..<bytes.count, using: &random)] = .random(in: 0...255, using: &random)
      }
    case 3: bytes += random.text(Int.random(in: 1..<200, using: &random), newlineEvery: 9)
    default: break
    }
    return bytes
  }
}
