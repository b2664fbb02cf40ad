import ExecEngine
import ExecModel
import Glibc
import TestSupport
import Testing

@testable import HostBoxes

@Suite(.timeLimit(.minutes(10)))
struct HolderScanTests {
  @Test
  func `a process that writes to a stream holds it, one that only reads it does not`() async throws {
    let folder = ScratchFolder()
    let fifo = "\(folder.path)/fifo"
    #expect(mkfifo(fifo, 0o600) == 0)
    // Open both ways, so that neither command waits for the other.
    let both = open(fifo, O_RDWR | O_CLOEXEC)
    let reader = try await holding("exec 3< \(fifo); echo; read x")
    let writer = try await holding("exec 3> \(fifo); echo; read x")
    close(both)
    let scan = HolderScan(links: [.init(name: fifo, stream: .stderr)], excluding: 0)
    var holders = scan.run()
    // A child that another test started before the close has a copy until its exec.
    for _ in 0..<1000 where holders.count > 1 { holders = scan.run() }
    #expect(holders.map(\.processIdentifier) == [writer.sink.record.processIdentifier])
    #expect(holders.map(\.streams) == [.stderr])
    for run in [reader, writer] {
      run.process.closeInput()
      _ = await run.finish()
    }
  }

  @Test(.enabled(if: BoxUnderTest.sandboxProblem == nil, "\(BoxUnderTest.sandboxProblem ?? "")"))
  func `another file of the same name, in a sandbox's own tmp, is not this one`() async throws {
    let folder = ScratchFolder(in: "/tmp")
    let fifo = "\(folder.path)/fifo"
    #expect(mkfifo(fifo, 0o600) == 0)
    let inside = "mkdir -p \(folder.path); mkfifo \(fifo); exec 3<> \(fifo); echo; read x"
    let other = try await holding(inside, in: BoxUnderTest.sandbox)
    #expect(HolderScan(links: [.init(name: fifo, stream: .stdout)], excluding: 0).run().isEmpty)
    other.process.closeInput()
    _ = await other.finish()
  }

  private func holding(_ script: String, in box: any Box = BoxUnderTest.local.box) async throws -> Run {
    let run = try Run(box, ExecutionSpec(command: ["sh", "-c", script], input: .pipe))
    await run.sink.wait { $0.text == "\n" }
    return run
  }
}
