import ExecEngine
import ExecModel
import Testing

/// Signals reach the command in every box that has them, and a client's group in the others.
@Suite(.timeLimit(.minutes(10)))
struct ConformanceSignalTests {
  static let boxes = BoxUnderTest.all

  @Test(arguments: boxes)
  func `a polite signal ends a command that does not handle it`(_ box: BoxUnderTest) async throws {
    let run = try Run(box.box, script: "echo ready; exec sleep 1000")
    await run.sink.wait { $0.text == "ready\n" }
    try run.process.signal(.terminate)
    let status = await run.finish().status
    #expect(status == .signalled(15, coreDumped: false) || status == .exited(143))
  }

  @Test(arguments: boxes)
  func `a handler runs, and what it writes arrives`(_ box: BoxUnderTest) async throws {
    let script = "trap 'echo handled; exit 5' TERM; echo ready; read x; echo unhandled"
    let run = try Run(box.box, script: script, input: .pipe)
    await run.sink.wait { $0.text == "ready\n" }
    try run.process.signal(.terminate)
    // A shell that was not reading yet when the signal came runs its handler after the read.
    run.process.closeInput()
    let record = await run.finish()
    #expect(record.text == "ready\nhandled\n")
    #expect(record.status == .exited(5))
  }

  @Test(arguments: boxes)
  func `kill ends the whole group`(_ box: BoxUnderTest) async throws {
    let run = try Run(box.box, script: "trap '' TERM; sleep 1000 & echo ready; wait")
    await run.sink.wait { $0.text == "ready\n" }
    try run.process.signal(.kill)
    let record = await run.finish()
    #expect(record.status == .signalled(9, coreDumped: false) || record.status == .exited(137))
    #expect(record.entries.contains(.end(.stdout)))
  }

  @Test(arguments: boxes)
  func `a signal after the release says that it is over`(_ box: BoxUnderTest) async throws {
    let run = try Run(box.box, script: "true")
    _ = await run.finish()
    #expect(throws: SignalError.ended) { try run.process.signal(.terminate) }
  }

  @Test(arguments: boxes)
  func `an unknown signal is refused by the kernel's number`(_ box: BoxUnderTest) async throws {
    let run = try Run(box.box, script: "echo ready; exec sleep 1000")
    await run.sink.wait { $0.text == "ready\n" }
    #expect(throws: SignalError.system(22)) { try run.process.signal(Signal(number: 99)) }
    try run.process.signal(.kill)
    _ = await run.finish()
  }

  @Test
  func `a release of a running command ends it`() async throws {
    let scratch = Scratch()
    let reader = try scratch.fifo("held")
    let run = try Run(BoxUnderTest.local.box, script: "exec 3>\(scratch.path)/held; echo ready; exec sleep 1000")
    await run.sink.wait { $0.text == "ready\n" }
    run.process.release()
    // The end comes when the last process that has it open for writing is gone.
    #expect(Scratch.waitForEnd(reader).isEmpty)
  }
}
