import ExecEngine
import ExecModel
import HostBoxes
import Testing

/// Why a command did not start, told apart in every box.
@Suite(.timeLimit(.minutes(10)))
struct StartFailureTests {
  static let boxes = BoxUnderTest.all

  /// The failure, or what the shell would have returned when the client found out.
  private static func expect(
    _ failure: StartFailure, _ words: [String], _ box: BoxUnderTest, _ spec: ExecutionSpec,
    _ location: SourceLocation = #_sourceLocation
  ) async throws {
    guard box.tellsStartFailures else {
      let status = try await Run(box.box, spec).finish().status
      #expect(status == .exited(failure.shellCode), sourceLocation: location)
      return
    }
    let error = #expect(throws: BoxError.self, sourceLocation: location) { try Run(box.box, spec) }
    #expect(error?.failure == failure, sourceLocation: location)
    for word in words {
      #expect(error?.description.contains(word) == true, "\(error.debugDescription)", sourceLocation: location)
    }
    #expect(error?.description.contains("\n") == false, sourceLocation: location)
  }

  @Test(arguments: boxes)
  func `a command that is nowhere in PATH`(_ box: BoxUnderTest) async throws {
    let spec = ExecutionSpec(command: ["no-such-command"])
    let place = box.isContainer ? "the container 'boxwatch-conformance'" : "/usr/bin"
    try await Self.expect(.notFound, ["'no-such-command'", "PATH", place], box, spec)
  }

  @Test(arguments: boxes)
  func `a path that does not exist`(_ box: BoxUnderTest) async throws {
    try await Self.expect(.notFound, ["'/no/such/file'"], box, ExecutionSpec(command: ["/no/such/file"]))
  }

  @Test(arguments: boxes)
  func `a file without the right to execute it`(_ box: BoxUnderTest) async throws {
    let scratch = Scratch()
    let path = try scratch.file("plain", "echo hi\n")
    try await Self.expect(.notExecutable, [path, "chmod +x"], box, ExecutionSpec(command: [path]))
  }

  @Test(arguments: boxes)
  func `a directory`(_ box: BoxUnderTest) async throws {
    try await Self.expect(.notExecutable, ["'/usr'", "directory"], box, ExecutionSpec(command: ["/usr"]))
  }

  @Test(arguments: boxes)
  func `a working directory that does not exist`(_ box: BoxUnderTest) async throws {
    let spec = ExecutionSpec(command: ["true"], workingDirectory: "/no/such")
    try await Self.expect(.badDirectory, ["'/no/such'", "does not exist"], box, spec)
  }

  @Test(arguments: boxes)
  func `a working directory that is a file`(_ box: BoxUnderTest) async throws {
    let spec = ExecutionSpec(command: ["true"], workingDirectory: "/etc/passwd")
    try await Self.expect(.badDirectory, ["'/etc/passwd'", "is a file"], box, spec)
  }

  @Test(arguments: boxes, [[], [""], ["a\0b"], ["true", "x\0"]])
  func `an empty name and a NUL are refused before anything starts`(_ box: BoxUnderTest, command: [String]) throws {
    let error = #expect(throws: BoxError.self) { try Run(box.box, ExecutionSpec(command: command)) }
    #expect(error?.failure == .badName)
  }

  @Test(arguments: boxes)
  func `arguments that are too large for the kernel`(_ box: BoxUnderTest) throws {
    let spec = ExecutionSpec(command: ["true", String(repeating: "x", count: 200_000)])
    let error = #expect(throws: BoxError.self) { try Run(box.box, spec) }
    #expect(error?.failure == .argumentListTooLong)
  }
}
