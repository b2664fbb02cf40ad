import ExecModel
import Glibc
import Journal
import SystemPackage
import TestSupport
import Testing

@Suite struct JournalWriterTests {
  @Test func `the folder, its parents and its files are the user's alone`() throws {
    let folder = ScratchFolder()
    let directory = folder.path.appending("a/b/c")
    let writer = try JournalWriter(
      creating: directory, identity: try TestJournal.identity(), spec: ExecutionSpec(command: ["true"]))
    for stream in ExecStream.allCases { #expect(writer.store(stream, "a".utf8Span.span.bytes).taken == 1) }
    for name in ["a", "a/b", "a/b/c"] { #expect(try FileStatus(folder.path.appending(name)).mode == 0o700) }
    let files = ScratchFolder.names(in: directory.string).sorted()
    #expect(files == ["events", "spec.json", "stderr", "stdout"])
    for name in files { #expect(try FileStatus(directory.appending(name)).mode == 0o600) }
    writer.close()
  }

  @Test func `a folder that exists is never written into`() throws {
    let journal = try TestJournal()
    let error = #expect(throws: JournalError.self) {
      try JournalWriter(creating: journal.directory, identity: try TestJournal.identity(), spec: journal.spec)
    }
    #expect(error?.errno == .fileExists)
    #expect(try journal.reader().spec == journal.spec)
  }

  @Test func `a parent that is a file is named in the error`() throws {
    let folder = ScratchFolder()
    let file = folder.path.appending("file")
    close(open(file.string, O_CREAT | O_WRONLY, 0o600))
    let error = #expect(throws: JournalError.self) {
      try JournalWriter(
        creating: file.appending("x"), identity: try TestJournal.identity(), spec: ExecutionSpec(command: ["true"]))
    }
    #expect(error?.description == "cannot create the folder \(file)/x: Not a directory")
  }

  @Test func `no descriptor is inherited or left open`() throws {
    let before = Set(ScratchFolder.names(in: "/proc/self/fd"))
    let folder = ScratchFolder()
    for number in 0..<50 {
      let writer = try JournalWriter(
        creating: folder.path.appending("\(number)"), identity: try TestJournal.identity(),
        spec: ExecutionSpec(command: ["true"]))
      let reader = try JournalReader(opening: writer.directory)
      #expect(writer.store(.stdout, "a".utf8Span.span.bytes).taken == 1)
      _ = try reader.bytes(.stdout, 0..<1)
      let mine = try descriptors(below: folder.path.string)
      #expect(mine.count == 5, "events and stdout of the writer, and folder, events and stdout of the reader")
      for descriptor in mine { #expect(fcntl(descriptor, F_GETFD) & FD_CLOEXEC != 0) }
      writer.close()
      withExtendedLifetime(reader) {}
    }
    #expect(try descriptors(below: folder.path.string) == [], "before: \(before.count)")
  }

  /// This process's descriptors of files below a folder.
  private func descriptors(below folder: String) throws -> [Int32] {
    ScratchFolder.names(in: "/proc/self/fd").compactMap { name in
      var target = [UInt8](repeating: 0, count: 4096)
      let count = target.withUnsafeMutableBufferPointer { buffer in
        buffer.withMemoryRebound(to: CChar.self) { chars in
          chars.baseAddress.map { readlink("/proc/self/fd/\(name)", $0, chars.count) } ?? -1
        }
      }
      guard count > 0, String(decoding: target.prefix(count), as: UTF8.self).hasPrefix(folder) else { return nil }
      return Int32(name)
    }
  }

  @Test func `after close nothing more is taken, and closing again is nothing`() throws {
    var journal = try TestJournal()
    journal.output(.stdout, [1, 2, 3])
    journal.writer.close()
    journal.writer.close()
    let refused = journal.output(.stdout, [4])
    #expect(refused == .badFileDescriptor)
    #expect(journal.writer.publish(.forceClosed, at: 0) == .badFileDescriptor)
    #expect(journal.writer.planEviction(limit: 0, retainingFrom: nil) == nil)
    #expect(try journal.reader().bytes(.stdout, 0..<3) == [1, 2, 3])
  }

  @Test func `an eviction plan that is carried out after the end changes nothing`() throws {
    var journal = try TestJournal()
    for _ in 0..<4 { journal.output(.stdout, [UInt8](repeating: 9, count: 64 << 10)) }
    let plan = try #require(journal.writer.planEviction(limit: 64 << 10, retainingFrom: nil))
    journal.writer.close()
    journal.writer.evict(plan)
    let reader = try journal.reader()
    #expect(reader.heads() == plan.heads)
    #expect(try FileStatus(journal.directory.appending("stdout")).allocated <= 64 << 10, "the end carried it out")
    #expect(try reader.bytes(.stdout, plan.heads.stdout..<(256 << 10))?.allSatisfy { $0 == 9 } == true)
  }

  @Test func `room that was reserved ahead is given back at the end`() throws {
    var journal = try TestJournal()
    for _ in 0..<40 { journal.output(.stdout, [UInt8](repeating: 9, count: 64 << 10)) }
    let file = journal.directory.appending("stdout")
    #expect(try FileStatus(file).length == 40 * 64 << 10)
    journal.writer.close()
    #expect(try FileStatus(file).allocated <= (40 * 64 << 10) + 4096)
    #expect(try FileStatus(journal.directory.appending("events")).allocated <= 2 * 4096)
  }

  @Test func `an empty chunk is taken whole`() throws {
    let journal = try TestJournal()
    let nothing: [UInt8] = []
    let result = journal.writer.store(.stdout, nothing.span.bytes)
    #expect(result == StoreResult(taken: 0, newlines: 0, error: nil))
  }
}
