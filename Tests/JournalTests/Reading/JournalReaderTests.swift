import ExecModel
import Glibc
import Journal
import Synchronization
import SystemPackage
import TestSupport
import Testing

@Suite struct JournalReaderTests {
  @Test func `every event is read back in order, with its number and time`() throws {
    var journal = try TestJournal()
    for event in Events.all { journal.publish(event) }
    let reader = try journal.reader()
    #expect(reader.recordCount() == UInt64(Events.all.count))
    let records = try reader.records(from: 0, limit: .max)
    #expect(records.map(\.event) == Events.all)
    #expect(records.map(\.sequence) == Array(0..<UInt64(Events.all.count)))
    #expect(records.map(\.time) == (0..<UInt64(Events.all.count)).map { $0 * 10 })
  }

  @Test func `records are read from any number on, and no more than asked for`() throws {
    var journal = try TestJournal()
    for waiter in 0..<3000 { journal.publish(.wait(waiter: UInt64(waiter))) }
    let reader = try journal.reader()
    #expect(try reader.records(from: 2999, limit: 10).map(\.event) == [.wait(waiter: 2999)])
    #expect(try reader.records(from: 1000, limit: 1500).map(\.sequence) == Array(1000..<2500))
    #expect(try reader.records(from: 3000, limit: 10).isEmpty)
    #expect(try reader.records(from: .max, limit: 10).isEmpty)
    #expect(try reader.records(from: 0, limit: 0).isEmpty)
    #expect(try reader.records(from: 0, limit: -1).isEmpty)
  }

  @Test func `identity and spec come back whole`() throws {
    let folder = ScratchFolder()
    let spec = ExecutionSpec(
      command: ["sh", "-c", "printf '\u{0}\u{7f}\\\"\n'", "", "日本"], name: "näme",
      environment: [EnvironmentVariable(name: "A", value: "b=c\td")], workingDirectory: "/",
      user: "u:g", input: .file("/dev/null"),
      terminal: TerminalSize(rows: 1, columns: 65535), timeLimit: .milliseconds(1500), killGrace: .seconds(3600),
      drain: .untilIdle(grace: .seconds(1), limit: .seconds(9)), keep: .bytes(4 << 20),
      clientBox: ClientBox(id: "b", name: "web", image: "i", labels: ["a": "\u{1b}"]))
    let identity = try TestJournal.identity(created: .max)
    let directory = folder.path.appending("x")
    let writer = try JournalWriter(creating: directory, identity: identity, spec: spec)
    let reader = try JournalReader(opening: directory)
    #expect(reader.identity == identity)
    #expect(reader.spec == spec)
    writer.close()
  }

  @Test func `the raw files hold the bytes and nothing else`() throws {
    var journal = try TestJournal()
    journal.output(.stdout, Array("one\ntwo\n".utf8))
    journal.output(.stderr, [0, 255, 10])
    journal.output(.stdout, Array("three".utf8))
    let reader = try journal.reader()
    #expect(try reader.bytes(.stdout, 0..<13) == Array("one\ntwo\nthree".utf8))
    #expect(try reader.bytes(.stderr, 0..<3) == [0, 255, 10])
    #expect(try reader.bytes(.stderr, 0..<4) == nil)
    #expect(journal.lines == PerStream<UInt64>(stdout: 2, stderr: 1))
    #expect(reader.heads() == PerStream<UInt64>())
    journal.writer.close()
    #expect(try FileStatus(journal.directory.appending("stdout")).length == 13)
  }

  @Test func `an execution with a terminal has no stderr file`() throws {
    var journal = try TestJournal(terminal: TerminalSize())
    let refused = journal.output(.stderr, [1])
    #expect(refused == .badFileDescriptor)
    journal.output(.stdout, [1])
    #expect(ScratchFolder.names(in: journal.directory.string).sorted() == ["events", "spec.json", "stdout"])
    let reader = try journal.reader()
    #expect(try reader.bytes(.stderr, 0..<1) == nil)
  }

  @Test func `a stream's file comes with its first byte, also for a reader that was there before`() throws {
    var journal = try TestJournal()
    let reader = try journal.reader()
    #expect(ScratchFolder.names(in: journal.directory.string).sorted() == ["events", "spec.json"])
    var buffer: [UInt8] = [7]
    #expect(try buffer.withUnsafeMutableBytes { try reader.read(.stdout, at: 0, into: $0) } == .bytes(0))
    journal.output(.stdout, [1])
    #expect(try buffer.withUnsafeMutableBytes { try reader.read(.stdout, at: 0, into: $0) } == .bytes(1))
    #expect(buffer == [1])
  }

  @Test func `readers that come at any time see the same journal while it is written`() throws {
    var journal = try TestJournal()
    let directory = journal.directory
    let chunks = 600
    let failures = Mutex<[String]>([])
    let reader: @Sendable () -> Void = {
      do {
        let problem = try Self.follow(directory, to: chunks)
        if let problem { failures.withLock { $0.append(problem) } }
      } catch { failures.withLock { $0.append("\(error)") } }
    }
    let gate = Mutex(journal)
    Threads.run(
      [
        {
          gate.withLock { journal in
            for chunk in 0..<chunks { journal.output(.stdout, Self.chunk(chunk)) }
            journal.publish(.exit(Conclusion(outcome: Outcome(status: .exited(0)))))
          }
        }
      ] + Array(repeating: reader, count: 4))
    #expect(failures.withLock { $0 } == [])
    journal = gate.withLock { $0 }
    let late = try journal.reader()
    #expect(try late.records(from: 0, limit: .max).map(\.event) == journal.published)
  }

  private static func chunk(_ number: Int) -> [UInt8] {
    [UInt8](repeating: UInt8(number % 251), count: 1 + (number * 7919) % 5000)
  }

  /// Reads a growing journal to its exit; returns what was wrong.
  private static func follow(_ directory: FilePath, to chunks: Int) throws -> String? {
    let reader = try JournalReader(opening: directory)
    var next: UInt64 = 0
    var number = 0
    while true {
      for record in try reader.records(from: next, limit: 64) {
        guard record.sequence == next else { return "gap at \(next)" }
        next += 1
        switch record.event {
        case .output(.stdout, let range, _, _):
          guard try reader.bytes(.stdout, range) == chunk(number) else { return "chunk \(number) differs" }
          number += 1
        case .exit: return number == chunks ? nil : "exit after \(number) chunks"
        default: return "unexpected \(record.event)"
        }
      }
    }
  }
}
