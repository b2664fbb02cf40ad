import ExecEngine
import ExecModel
import HostBoxes
import Testing

/// What only the kernel finds out at the start.
@Suite(.timeLimit(.minutes(10)))
struct StartDiagnosisTests {
  private static func failure(_ spec: ExecutionSpec) throws -> BoxError? {
    #expect(throws: BoxError.self) { try Run(BoxUnderTest.local.box, spec) }
  }

  @Test
  func `a missing interpreter is named`() throws {
    let scratch = Scratch()
    let path = try scratch.file("script", "#! /no/such/python -u\n", mode: 0o755)
    let error = try Self.failure(ExecutionSpec(command: [path]))
    #expect(error?.failure == .notExecutable)
    #expect(error?.description.contains("'/no/such/python'") == true)
  }

  @Test
  func `a script without its first line is no program`() throws {
    let scratch = Scratch()
    let path = try scratch.file("script", "echo hi\n", mode: 0o755)
    let error = try Self.failure(ExecutionSpec(command: [path]))
    #expect(error?.failure == .notExecutable)
    #expect(error?.description.contains("#!") == true)
  }

  @Test
  func `a relative command starts in the working directory`() async throws {
    let scratch = Scratch()
    try scratch.file("tool", "#!/bin/sh\necho found\n", mode: 0o755)
    let spec = ExecutionSpec(command: ["./tool"], workingDirectory: scratch.path)
    #expect(try await Run(BoxUnderTest.local.box, spec).finish().text == "found\n")
  }

  @Test
  func `PATH of the command is searched, not ours`() async throws {
    let scratch = Scratch()
    try scratch.file("tool-of-this-test", "#!/bin/sh\necho found\n", mode: 0o755)
    let path = EnvironmentVariable(name: "PATH", value: scratch.path + ":/usr/bin:/bin")
    for box in BoxUnderTest.all {
      let spec = ExecutionSpec(command: ["tool-of-this-test"], environment: [path])
      #expect(try await Run(box.box, spec).finish().text == "found\n", "\(box.box.name)")
    }
  }

  @Test
  func `a terminal's command that does not start says the same`() throws {
    let scratch = Scratch()
    let path = try scratch.file("script", "echo hi\n", mode: 0o755)
    #expect(try Self.failure(ExecutionSpec(command: [path], terminal: TerminalSize()))?.failure == .notExecutable)
  }
}
