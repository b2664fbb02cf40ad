import ExecEngine
import ExecModel
import HostBoxes
import Synchronization
import TestSupport
import Testing

/// P1 and P2 for the local box, under load: ordered, and whole to the byte.
@Suite(.serialized) struct WholeTests {
  /// The original report's command, a thousand times.
  @Test func `P2 a thousand short commands lose nothing under four burners`() throws {
    let run = LocalRun()
    let burners = try Burners(4)
    defer { burners.stop() }
    for _ in 0..<50 {
      let ids = try (0..<20).map { _ in try run.start("echo X && exit 0") }
      for id in ids {
        #expect(try run.end(id).outcome == Outcome(status: .exited(0)))
        let record = try run.record(id)
        #expect(record.bytes(.stdout) == Array("X\n".utf8))
        #expect(record.isOrdered)
        try run.engine.remove(id)
      }
    }
  }

  @Test func `P2 sixty kilobytes without a newline at the end are whole, two hundred times under burners`() throws {
    let run = LocalRun()
    let burners = try Burners(4)
    defer { burners.stop() }
    let line = "0123456789abcdef"
    let expected = Array(String(repeating: line, count: 3750).utf8)
    for _ in 0..<20 {
      let ids = try (0..<10).map { _ in
        try run.start("i=0; while [ $i -lt 375 ]; do printf '\(String(repeating: line, count: 10))'; i=$((i+1)); done")
      }
      for id in ids {
        _ = try run.end(id)
        #expect(try run.record(id).bytes(.stdout) == expected)
        try run.engine.remove(id)
      }
    }
  }

  /// An engine that announced the end at the exit would lose every byte here; it was seen to.
  @Test func `P2 a reaper that always wins loses nothing`() throws {
    let run = LocalRun()
    let box = ReroutedBox.exitFirst(run.box)
    let ids = try (0..<100).map { _ in
      try run.engine.start(ExecutionSpec(command: ["/bin/sh", "-c", "echo X; printf E >&2; exit 3"]), in: box)
    }
    for id in ids {
      #expect(try run.end(id).outcome == Outcome(status: .exited(3)))
      let record = try run.record(id)
      #expect(record.bytes(.stdout) == Array("X\n".utf8) && record.bytes(.stderr) == Array("E".utf8))
      #expect(record.isOrdered)
    }
  }

  @Test func `P2 both streams hash to what the producer hashed`() throws {
    let run = LocalRun()
    let folder = run.folder.path
    let script = """
      head -c 20000000 /dev/urandom | tee \(folder)/out & head -c 20000000 /dev/urandom | tee \(folder)/err >&2; wait
      """
    let id = try run.start(script)
    let conclusion = try run.end(id)
    #expect(conclusion.bytes == PerStream<UInt64>(stdout: 20_000_000, stderr: 20_000_000))
    let journal = run.engine.journalDirectory(id)
    let check = try run.start("cmp \(folder)/out \(journal)/stdout && cmp \(folder)/err \(journal)/stderr")
    #expect(try run.end(check).outcome.status == .exited(0))
  }

  @Test func `P2 bytes stay bytes: NUL, invalid UTF-8, half a character at the end`() throws {
    let run = LocalRun()
    let id = try run.start(#"printf 'a\000b\377\303'; printf '\200\n\342\202' >&2"#)
    _ = try run.end(id)
    let record = try run.record(id)
    #expect(record.bytes(.stdout) == [0x61, 0, 0x62, 0xFF, 0xC3])
    #expect(record.bytes(.stderr) == [0x80, 0x0A, 0xE2, 0x82])
  }

  @Test func `P1 output, one exit, one wait for each waiter`() throws {
    let run = LocalRun()
    let spec = ExecutionSpec(command: ["/bin/sh", "-c", "echo out; echo err >&2; exit 5"])
    let answers = Atomic<Int>(0)
    // Before the start: a command that has ended first has no waiter to record.
    let id = try run.engine.start(spec, in: run.box) { id in
      for _ in 0..<3 { try run.engine.wait(id) { _ in answers.add(1, ordering: .relaxed) } }
    }
    #expect(try run.end(id).outcome.status == .exited(5))
    let record = try run.record(id)
    #expect(record.isOrdered)
    #expect(answers.load(ordering: .relaxed) == 3)
    // Three and the one that `end` registered, as far as it came before the end.
    #expect([3, 4].contains(record.events.count { if case .wait = $0.event { true } else { false } }))
  }
}
