import ExecModel
import Glibc
import Linux
import Synchronization
import SystemPackage
import TestSupport
import Testing

@testable import Journal

@Suite struct RestTests {
  /// How many descriptors of this process lead into a folder.
  private func descriptors(into folder: FilePath) -> Int {
    guard let directory = opendir("/proc/self/fd") else { return -1 }
    defer { closedir(directory) }
    var count = 0
    while let entry = readdir(directory) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
      var target = [UInt8](repeating: 0, count: 4096)
      let length = readlink("/proc/self/fd/\(name)", &target, target.count)
      if length > 0, String(decoding: target[..<length], as: UTF8.self).hasPrefix(folder.string) { count += 1 }
    }
    return count
  }

  private func written(_ text: String) throws -> TestJournal {
    var journal = try TestJournal()
    journal.output(.stdout, Array(text.utf8))
    return journal
  }

  private func lazyReader(
    _ journal: TestJournal, among others: OpenJournals = OpenJournals(limit: 4)
  ) throws -> JournalReader {
    JournalReader(of: try TestJournal.identity(), journal.spec, at: journal.directory, among: others)
  }

  @Test func `a reader of a known journal opens nothing until something is read`() throws {
    let journal = try written("hello")
    journal.writer.close()
    let reader = try lazyReader(journal)
    #expect(descriptors(into: journal.directory) == 0)
    #expect(try reader.bytes(.stdout, 0..<5) == Array("hello".utf8))
    #expect(descriptors(into: journal.directory) == 3)
  }

  @Test func `a reader that rests holds no descriptor, and reads on afterwards`() throws {
    let journal = try written("hello")
    journal.writer.close()
    for reader in [try journal.reader(), try lazyReader(journal)] {
      #expect(try reader.records(from: 0, limit: 9).count == 1)
      reader.rest()
      reader.rest()
      #expect(descriptors(into: journal.directory) == 0)
      #expect(try reader.bytes(.stdout, 0..<5) == Array("hello".utf8))
      reader.rest()
    }
  }

  @Test func `of many readers a bounded number stays open, and each still reads`() throws {
    let others = OpenJournals(limit: 4)
    let journals = try (0..<20).map { try written("text \($0)") }
    for journal in journals { journal.writer.close() }
    let readers = try journals.map { try lazyReader($0, among: others) }
    for _ in 0..<3 {
      for (index, reader) in readers.enumerated() {
        #expect(try reader.bytes(.stdout, 0..<UInt64("text \(index)".utf8.count)) == Array("text \(index)".utf8))
      }
      #expect(journals.filter { descriptors(into: $0.directory) > 0 }.count == 4)
    }
    others.closeAll()
    #expect(journals.allSatisfy { descriptors(into: $0.directory) == 0 })
  }

  @Test func `closing idle descriptors does not disturb a reader`() throws {
    let text = String(repeating: "0123456789", count: 1000)
    let journal = try written(text)
    journal.writer.close()
    let reader = try lazyReader(journal)
    let isOver = Atomic<Bool>(false)
    let resting = Gate()
    let failure = DetachedThread.start(name: "rests") {
      while !isOver.load(ordering: .relaxed) { reader.rest() }
      resting.open()
    }
    #expect(failure == nil)
    for _ in 0..<2000 { #expect(try reader.bytes(.stdout, 0..<10_000) == Array(text.utf8)) }
    isOver.store(true, ordering: .relaxed)
    resting.wait()
  }

  @Test func `a journal that was removed while its reader was idle is named as missing`() throws {
    let journal = try written("hello")
    journal.writer.close()
    let reader = try lazyReader(journal)
    #expect(try reader.bytes(.stdout, 0..<5) != nil)
    reader.rest()
    for name in JournalFiles.names { _ = unlink(journal.directory.appending(name).string) }
    _ = rmdir(journal.directory.string)
    let error = #expect(throws: JournalError.self) { try reader.bytes(.stdout, 0..<5) }
    #expect(error?.errno == .noSuchFileOrDirectory && error?.path == journal.directory.string)
  }
}
