import ExecEngine
import ExecModel
import HostBoxes
import Testing

/// A sink that takes less than it is offered: the command blocks, and nothing is lost.
@Suite(.timeLimit(.minutes(10)))
struct SlowSinkTests {
  private static let box = BoxUnderTest.local.box
  /// What the kernel and one read can hold of a stalled stream: far less than the megabyte the command wants to write.
  private static let writer = "seq 1 200000; echo written >&2"

  @Test
  func `a stalled command blocks until it is resumed`() async throws {
    let sink = RecordingSink(room: 1000)
    let run = try Run(Self.box, ExecutionSpec(command: ["sh", "-c", Self.writer]), sink: sink)
    await sink.wait { $0.stdout.count == 1000 }
    #expect(sink.record.stderr.isEmpty)
    #expect(sink.record.status == nil)
    sink.allow(.max)
    run.process.resumeReading(.stdout)
    let record = await run.finish()
    #expect(record.stdout.count == 1_288_895)
    #expect(record.text.hasSuffix("199999\n200000\n"))
    #expect(record.errorText == "written\n")
  }

  @Test
  func `a thousand bytes at a time arrive whole and in order`() async throws {
    let sink = RecordingSink(room: 0)
    let run = try Run(Self.box, ExecutionSpec(command: ["seq", "1", "20000"]), sink: sink)
    var expected = 0
    while expected < 108_000 {
      expected += 1000
      let target = expected
      sink.allow(1000)
      run.process.resumeReading(.stdout)
      await sink.wait { $0.stdout.count == target }
    }
    sink.allow(.max)
    run.process.resumeReading(.stdout)
    let record = await run.finish()
    #expect(record.text == (1...20000).map { "\($0)\n" }.joined())
  }

  @Test
  func `a resume that comes within the refused report is not lost`() async throws {
    // The sink resumes from within the very report that it refuses: the earliest moment there is.
    let sink = ResumingSink(refusing: 200)
    let process = try Self.box.start(ExecutionSpec(command: ["seq", "1", "100000"]), reportingTo: sink)
    sink.resume(with: process)
    #expect(await sink.recorder.wait { $0.status != nil && $0.hasClosed(.stdout) && $0.hasClosed(.stderr) })
    process.release()
    #expect(sink.recorder.record.stdout.count == 588_895)
  }

  @Test
  func `a stalled stream delays no other`() async throws {
    let stuck = RecordingSink(room: 0)
    // Four, so that each of the two threads has a stuck one.
    let runs = try (0..<4).map { _ in
      try Run(Self.box, ExecutionSpec(command: ["sh", "-c", "echo err >&2; yes"]), sink: stuck)
    }
    await stuck.wait { $0.entries.count { $0 == .output(.stdout, 0) } >= 4 }
    for _ in 0..<4 {
      #expect(try await Run(Self.box, script: "seq 1 100000 | tail -n 1").finish().text == "100000\n")
    }
    for run in runs {
      try run.process.signal(.kill)
      run.process.release()
    }
  }

  @Test
  func `a resume without a stall changes nothing`() async throws {
    let run = try Run(Self.box, script: "read x; echo $x", input: .pipe)
    run.process.resumeReading(.stdout)
    run.process.resumeReading(.stderr)
    run.process.write(Array("word\n".utf8)) { _ in }
    #expect(await run.finish().text == "word\n")
  }
}
