import ExecEngine
import ExecModel
import HostBoxes
import Testing

/// Streams that something holds open after the command's exit, where a box lets descendants live on.
@Suite(.timeLimit(.minutes(10)))
struct HeldStreamTests {
  static let boxes = BoxUnderTest.all.filter { !$0.endsWithCommand && !$0.isContainer }

  @Test(arguments: boxes)
  func `the end of a held stream comes after the exit, with the late output`(_ box: BoxUnderTest) async throws {
    let scratch = Scratch()
    let gate = try scratch.gate("gate")
    let run = try Run(box.box, script: "(read x <\(gate.path); echo late) 2>/dev/null & echo early; exit 6")
    await run.sink.wait { $0.status != nil && $0.text == "early\n" && $0.hasClosed(.stderr) }
    #expect(run.sink.record.status == .exited(6))
    #expect(!run.sink.record.hasClosed(.stdout))
    gate.open()
    let record = await run.finish()
    #expect(record.text == "early\nlate\n")
    #expect(record.entries.last == .end(.stdout))
  }

  @Test(arguments: boxes)
  func `holders are named with what they hold`(_ box: BoxUnderTest) async throws {
    let run = try Run(box.box, script: "sleep 1001 2>/dev/null & sleep 1002 >/dev/null & echo done")
    await run.sink.wait { $0.status != nil && $0.text == "done\n" }
    let holders = run.process.holders(of: .both)
    #expect(Set(holders.map(\.command)) == ["sleep 1001", "sleep 1002"])
    #expect(holders.first { $0.command == "sleep 1001" }?.streams == .stdout)
    #expect(holders.first { $0.command == "sleep 1002" }?.streams == .stderr)
    #expect(run.process.holders(of: .stdout).map(\.command) == ["sleep 1001"])
    // The group is still the command's own, though its leader is gone.
    try run.process.signal(.kill)
    let record = await run.finish()
    #expect(Set(record.entries.suffix(2)) == [.end(.stdout), .end(.stderr)])
    #expect(run.process.holders(of: .both).isEmpty)
  }

  @Test(arguments: boxes)
  func `emptying reads what is there, cuts, and says which streams`(_ box: BoxUnderTest) async throws {
    let run = try Run(box.box, script: "sleep 1000 2>/dev/null & echo done; echo failed >&2")
    await run.sink.wait { $0.status != nil && $0.hasClosed(.stderr) }
    run.process.emptyStreams(.both)
    await run.sink.wait { $0.hasClosed(.stdout) }
    let record = run.sink.record
    #expect(record.text == "done\n")
    #expect(record.entries.contains(.emptied(.stdout)))
    #expect(record.entries.contains(.end(.stderr)))
    try run.process.signal(.kill)
    run.process.release()
  }

  @Test(arguments: boxes)
  func `emptying ends though a holder goes on writing`(_ box: BoxUnderTest) async throws {
    let run = try Run(box.box, script: "yes 2>/dev/null & exit 0")
    await run.sink.wait { $0.status != nil && $0.stdout.count > 1_000_000 }
    run.process.emptyStreams(.both)
    await run.sink.wait { $0.hasClosed(.stdout) }
    #expect(run.sink.record.entries.contains(.emptied(.stdout)))
    try? run.process.signal(.kill)
    run.process.release()
  }

  @Test(arguments: boxes)
  func `emptying a stream that has ended says so and not that it was cut`(_ box: BoxUnderTest) async throws {
    let sink = RecordingSink(room: 0)
    let run = try Run(box.box, ExecutionSpec(command: ["sh", "-c", "echo kept"]), sink: sink)
    await sink.wait { $0.status != nil && $0.hasClosed(.stderr) && $0.entries.contains(.output(.stdout, 0)) }
    run.process.emptyStreams(.both)
    sink.allow(.max)
    run.process.resumeReading(.stdout)
    let record = await run.finish()
    #expect(record.text == "kept\n")
    #expect(record.entries.contains(.end(.stdout)))
  }

  @Test(arguments: boxes)
  func `a held terminal names its holder and can be cut`(_ box: BoxUnderTest) async throws {
    let spec = ExecutionSpec(
      command: ["sh", "-c", "trap '' HUP; sleep 1003 & echo done"], terminal: TerminalSize(rows: 24, columns: 80))
    let run = try Run(box.box, spec)
    await run.sink.wait { $0.status != nil && $0.text == "done\r\n" }
    #expect(run.process.holders(of: .both).map(\.command) == ["sleep 1003"])
    #expect(run.process.holders(of: .both).map(\.streams) == [.stdout])
    run.process.emptyStreams(.both)
    await run.sink.wait { $0.hasClosed(.stdout) }
    #expect(run.sink.record.entries.contains(.emptied(.stdout)))
    try run.process.signal(.kill)
    run.process.release()
  }

  @Test(.enabled(if: BoxUnderTest.sandboxProblem == nil, "\(BoxUnderTest.sandboxProblem ?? "")"))
  func `a sandbox ends with its command, and nothing is held`() async throws {
    let record = try await Run(BoxUnderTest.sandbox, script: "sleep 1000 & echo done; exit 6").finish()
    #expect(record.text == "done\n")
    #expect(record.status == .exited(6))
    #expect(record.entries.contains(.end(.stdout)))
  }
}
