import ExecModel
import Testing

@testable import HostBoxes

@Suite
struct RemoteCommandTests {
  @Test
  func `a plain command is passed on as it is`() {
    #expect(RemoteCommand(ExecutionSpec(command: ["ls", "-l"])).words == ["ls", "-l"])
  }

  @Test
  func `variables are set by env, the directory by a shell`() {
    let spec = ExecutionSpec(
      command: ["ls"], environment: [EnvironmentVariable(name: "A", value: "b c")], workingDirectory: "/x y")
    #expect(
      RemoteCommand(spec).words
        == ["env", "A=b c", "sh", "-c", #"cd -- "$1" || exit 125; shift; exec "$@""#, "sh", "/x y", "ls"])
  }

  @Test
  func `a directory called minus is not the last one`() {
    #expect(RemoteCommand(ExecutionSpec(command: ["ls"], workingDirectory: "-")).words[4] == "./-")
  }

  @Test
  func `a command with an equals sign is not taken for a variable`() {
    let spec = ExecutionSpec(command: ["a=b"], environment: [EnvironmentVariable(name: "A", value: "1")])
    #expect(RemoteCommand(spec).words == ["env", "A=1", "sh", "-c", #"exec "$@""#, "sh", "a=b"])
  }
}
