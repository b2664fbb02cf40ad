import ExecEngine
import ExecModel
import Glibc
import Testing

@testable import HostBoxes

/// What the sandbox is for, and where it differs from the host.
@Suite(
  .timeLimit(.minutes(10)), .enabled(if: BoxUnderTest.sandboxProblem == nil, "\(BoxUnderTest.sandboxProblem ?? "")"))
struct BubblewrapBoxTests {
  private static let box = BoxUnderTest.sandbox

  @Test
  func `the host's files are read-only, tmp is private, and there is no network`() async throws {
    let script = """
      touch /usr/x 2>/dev/null && echo wrote; ls -A /tmp; touch /tmp/x && ls /tmp
      hostname 2>/dev/null || cat /proc/sys/kernel/hostname; tail -n +3 /proc/net/dev | grep -v lo: ; exit 0
      """
    let record = try await Run(Self.box, script: script).finish()
    #expect(record.text == "x\nboxwatch\n")
  }

  @Test
  func `a command under tmp is refused with the reason`() throws {
    let name = "/tmp/boxes-test-\(getpid())"
    let descriptor = open(name, O_WRONLY | O_CREAT | O_CLOEXEC, 0o755)
    close(descriptor)
    defer { unlink(name) }
    let error = #expect(throws: BoxError.self) { try Run(Self.box, ExecutionSpec(command: [name])) }
    #expect(error?.failure == .notFound)
    #expect(error?.description.contains("not visible in the sandbox") == true)
  }

  @Test
  func `a working directory under dev is refused with the reason`() throws {
    let spec = ExecutionSpec(command: ["true"], workingDirectory: "/dev/pts")
    let error = #expect(throws: BoxError.self) { try Run(Self.box, spec) }
    #expect(error?.failure == .badDirectory)
    #expect(error?.description.contains("not visible") == true)
  }

  @Test
  func `without a working directory the command starts where it can`() async throws {
    let text = try await Run(Self.box, ExecutionSpec(command: ["pwd"])).finish().text
    let own = try #require(realpath(".", nil).map { String(cString: $0) })
    #expect(text == (own.hasPrefix("/tmp/") ? "/\n" : own + "\n"))
  }

  @Test
  func `a host without bubblewrap is told which package to install`() throws {
    let empty = EnvironmentBlock().setting([EnvironmentVariable(name: "PATH", value: "/nowhere")])
    let box = BubblewrapBox(pumps: .shared, environment: empty)
    #expect(box.problem()?.contains("apt-get install bubblewrap") == true)
  }

  @Test
  func `a command that moved to a group of its own still gets its signals`() async throws {
    let script = "trap 'echo handled; exit 3' TERM; echo ready; read x; echo unhandled"
    let run = try Run(Self.box, ExecutionSpec(command: ["timeout", "1000", "sh", "-c", script], input: .pipe))
    await run.sink.wait { $0.text == "ready\n" }
    try run.process.signal(.terminate)
    run.process.closeInput()
    #expect(await run.finish().text == "ready\nhandled\n")
  }

  @Test
  func `a sandbox outlives the thread that started it`() async throws {
    let scratch = Scratch()
    let sink = RecordingSink()
    let spec = ExecutionSpec(command: ["sh", "-c", "echo ready; exec cat"], input: .pipe)
    let thread = StartingThread(Self.box, spec, sink: sink, gate: try scratch.gate("end"))
    // Not before bubblewrap has asked to die with its parent.
    await sink.wait { $0.text == "ready\n" }
    let run = try #require(try thread.end())
    run.process.write(Array("still here\n".utf8)) { _ in }
    run.process.closeInput()
    let record = await run.finish()
    #expect(record.text == "ready\nstill here\n")
    #expect(record.status == .exited(0))
  }
}
