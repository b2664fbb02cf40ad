import ExecEngine
import ExecModel
import Testing

@testable import HostBoxes

@Suite(.timeLimit(.minutes(2)))
struct ProcessTreeTests {
  @Test
  func `a command's descendants count, also those of its children`() async throws {
    let run = try Run(LocalBox(), script: "sh -c 'sleep 1000 & echo up; wait' & read x; kill -9 0", input: .pipe)
    await run.sink.wait { $0.text == "up\n" }
    let leader = try #require(run.sink.record.processIdentifier)
    let usage = try #require(ProcessTree.usage(of: [leader]))
    #expect(usage.processes == 3)
    #expect((usage.memory ?? 0) > 100_000)
    #expect(run.process.usage()?.processes == 3)
    run.process.closeInput()
    _ = await run.finish()
  }

  @Test
  func `time on processors grows with the work, also of children that are over`() async throws {
    let script = "read x; (i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done); echo done; read y"
    let run = try Run(LocalBox(), script: script, input: .pipe)
    await run.sink.wait { !$0.entries.isEmpty }
    let leader = try #require(run.sink.record.processIdentifier)
    let before = try #require(ProcessTree.usage(of: [leader])?.processorNanoseconds)
    run.process.write(Array("go\n".utf8)) { _ in }
    await run.sink.wait { $0.text == "done\n" }
    let after = try #require(ProcessTree.usage(of: [leader])?.processorNanoseconds)
    #expect(after > before + 20_000_000)
    run.process.closeInput()
    _ = await run.finish()
  }

  @Test
  func `a missing process has no data`() {
    #expect(ProcessTree.usage(of: []) == nil)
    // No process has a number above the kernel's largest.
    #expect(ProcessTree.usage(of: [4_194_305]) == nil)
  }
}
