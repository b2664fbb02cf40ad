import ExecEngine
import ExecModel
import HostBoxes
import Testing

@Suite(.timeLimit(.minutes(10)))
struct CommandBoxTests {
  private static func failure(_ box: CommandBox) -> BoxError? {
    #expect(throws: BoxError.self) { try Run(box, ExecutionSpec(command: ["true"])) }
  }

  @Test
  func `a missing client is the box's failure, by the box's name`() {
    let error = Self.failure(CommandBox(name: "far", prefix: ["no-such-client", "--"]))
    #expect(error?.failure == .box)
    #expect(error?.description.contains("'far'") == true)
    #expect(error?.description.contains("'no-such-client'") == true)
  }

  @Test(arguments: [[], [""], ["env", "\0"]])
  func `a prefix that is no command is the box's failure`(prefix: [String]) {
    #expect(Self.failure(CommandBox(name: "far", prefix: prefix))?.failure == .box)
  }

  @Test
  func `signals reach the client only, and the box says so`() {
    #expect(!CommandBox(name: "far", prefix: ["env"]).capabilities.contains(.signals))
    #expect(LocalBox().capabilities == .everything)
  }

  @Test
  func `a directory that is missing at the other end ends with 125 and a message`() async throws {
    let spec = ExecutionSpec(command: ["true"], workingDirectory: "/no/such")
    let record = try await Run(CommandBox(name: "far", prefix: ["env"]), spec).finish()
    #expect(record.status == .exited(125))
    #expect(record.errorText.contains("/no/such"))
  }
}
