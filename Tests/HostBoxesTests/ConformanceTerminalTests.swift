import ExecEngine
import ExecModel
import Testing

/// Pseudo terminals, in every box.
@Suite(.timeLimit(.minutes(10)))
struct ConformanceTerminalTests {
  static let boxes = BoxUnderTest.all

  private static func spec(_ script: String) -> ExecutionSpec {
    ExecutionSpec(command: ["sh", "-c", script], terminal: TerminalSize(rows: 33, columns: 101))
  }

  @Test(arguments: boxes)
  func `a command has a terminal of the size that was asked for`(_ box: BoxUnderTest) async throws {
    // Podman sets the first size when the command runs already.
    let script = "until stty size 2>/dev/null; do :; done; test -t 0 && test -t 1 && test -t 2 && echo yes"
    let record = try await Run(box.box, Self.spec(script)).finish()
    #expect(record.text == "33 101\r\nyes\r\n")
    // The exit may be heard of before the last output, never the end of stream; each comes once.
    #expect(record.entries.last { $0 != .exited(.exited(0)) } == .end(.stdout))
    #expect(record.entries.count { $0 == .exited(.exited(0)) } == 1)
    #expect(record.entries.count { $0 == .end(.stdout) } == 1)
  }

  @Test(arguments: boxes)
  func `the terminal is the controlling one`(_ box: BoxUnderTest) async throws {
    let record = try await Run(box.box, Self.spec("echo through >/dev/tty")).finish()
    #expect(record.text == "through\r\n")
  }

  @Test(arguments: boxes)
  func `a resize reaches the command with SIGWINCH`(_ box: BoxUnderTest) async throws {
    // All that is typed is read: see Podman's cut ends.
    let script =
      "stty -echo; trap 's=$(stty size)' WINCH; echo ready; until read x && [ $x = end ]; do :; done; echo $s; exit 4"
    let run = try Run(box.box, Self.spec(script))
    await run.sink.wait { $0.text == "ready\r\n" }
    run.process.resize(TerminalSize(rows: 50, columns: 132))
    run.process.write(Array("end\n".utf8)) { _ in }
    let record = await run.finish()
    #expect(record.text == "ready\r\n50 132\r\n")
    #expect(record.status == .exited(4))
  }

  @Test(arguments: boxes)
  func `input is typed into the terminal, and ends with its character`(_ box: BoxUnderTest) async throws {
    let run = try Run(box.box, Self.spec("stty -echo; echo ready; cat; echo over"))
    await run.sink.wait { $0.text == "ready\r\n" }
    run.process.write(Array("typed\nand half".utf8)) { _ in }
    run.process.closeInput()
    let record = await run.finish()
    #expect(record.text == "ready\r\ntyped\r\nand halfover\r\n")
  }

  @Test(arguments: boxes)
  func `a terminal can be typed into after its end of file`(_ box: BoxUnderTest) async throws {
    let run = try Run(box.box, Self.spec("stty -echo; echo ready; cat; echo next; read x; echo got $x"))
    await run.sink.wait { $0.text == "ready\r\n" }
    run.process.closeInput()
    await run.sink.wait { $0.text.hasSuffix("next\r\n") }
    run.process.write(Array("more\n".utf8)) { _ in }
    #expect(await run.finish().text == "ready\r\nnext\r\ngot more\r\n")
  }

  @Test(arguments: boxes.filter { !$0.isContainer })
  func `an input file is read beside a terminal`(_ box: BoxUnderTest) async throws {
    let scratch = Scratch()
    var spec = Self.spec("test -t 0 || test -t 1 && cat; echo through >/dev/tty")
    spec.input = .file(try scratch.file("in", "from a file\n"))
    #expect(try await Run(box.box, spec).finish().text == "from a file\r\nthrough\r\n")
  }

  @Test(arguments: boxes)
  func `what a terminal still holds at the exit is read`(_ box: BoxUnderTest) async throws {
    let record = try await Run(box.box, Self.spec("stty -onlcr; seq 1 20000")).finish()
    #expect(record.stdout.count == 108_894)
    #expect(record.text.hasSuffix("\n19999\n20000\n"))
  }

  @Test(arguments: boxes)
  func `without a terminal there is none to open`(_ box: BoxUnderTest) async throws {
    let record = try await Run(box.box, script: "exec 2>/dev/null; (: </dev/tty) && echo open || echo none").finish()
    #expect(record.text == "none\n")
  }
}
