import ExecEngine
import ExecModel
import Testing

@testable import ContainerBoxes

/// The very words of dockerd 20.10.24 and podman 4.3.1 (with runc), and of crun.
@Suite struct StartEvidenceTests {
  private func failure(
    _ engine: EngineKind, _ text: String, code: Int32, process: Int32 = 0, command: String = "nosuch",
    onStdout: Bool? = nil
  ) -> StartFailure? {
    let isStdout = onStdout ?? (engine == .docker)
    return StartEvidence(
      engine: engine, container: "web", command: command, directory: "/nodir", user: "me", hasTerminal: false,
      exitCode: code, processIdentifier: process, stdout: isStdout ? Array(text.utf8) : [],
      stderr: isStdout ? [] : Array(text.utf8)
    ).failure?.failure
  }

  private static let runc = "exec failed: unable to start container process: "
  private static let noise = "Error: read unixpacket @->/proc/self/fd/14/attach: read: connection reset by peer\n"

  private static func docker(_ text: String) -> String { "OCI runtime exec failed: \(runc)\(text): unknown\r\n" }
  private static func podman(_ text: String) -> String { "Error: runc: \(runc)\(text)\n\(noise)" }

  @Test func `a missing command is the same on both`() {
    let text = #"exec: "nosuch": executable file not found in $PATH"#
    #expect(failure(.docker, Self.docker(text), code: 126) == .notFound)
    #expect(failure(.docker, Self.docker(text), code: 127) == .notFound)
    let podman = Self.podman(text + ": OCI runtime attempted to invoke a command that was not found")
    #expect(failure(.podman, podman, code: 127) == .notFound)
    let crun =
      "Error: crun: executable file `nosuch` not found in $PATH: No such file or directory: OCI runtime attempted to invoke a command that was not found\n"
    #expect(failure(.podman, crun, code: 127) == .notFound)
  }

  @Test func `a missing file, and one that cannot be executed`() {
    let missing = #"exec: "/no/such": stat /no/such: no such file or directory"#
    #expect(failure(.docker, Self.docker(missing), code: 126, command: "/no/such") == .notFound)
    let denied = #"exec: "/etc": permission denied"#
    #expect(failure(.docker, Self.docker(denied), code: 126, command: "/etc") == .notExecutable)
    #expect(
      failure(.podman, Self.podman(denied + ": OCI permission denied"), code: 126, command: "/etc") == .notExecutable)
  }

  @Test func `a bad directory and a missing command have different errors`() {
    let text = #"chdir to cwd ("/nodir") set in config.json failed: no such file or directory"#
    #expect(failure(.docker, Self.docker(text), code: 126) == .badDirectory)
    #expect(
      failure(.podman, Self.podman(text + ": OCI runtime attempted to invoke a command that was not found"), code: 127)
        == .badDirectory)
  }

  @Test func `a missing user is the box's`() {
    #expect(failure(.docker, "unable to find user me: no matching entries in passwd file\r\n", code: 126) == .box)
  }

  @Test func `on docker a process that had a number ran, whatever it said`() {
    let text = Self.docker(#"exec: "nosuch": executable file not found in $PATH"#)
    #expect(failure(.docker, text, code: 126, process: 4711) == nil)
    #expect(failure(.docker, "", code: 126, process: 4711) == nil)
  }

  @Test(arguments: [125, 126, 127] as [Int32])
  func `on podman an ordinary command that ends so ran`(code: Int32) {
    #expect(failure(.podman, "", code: code) == nil)
    #expect(failure(.podman, "sh: nosuch: not found\n", code: code) == nil)
    #expect(failure(.podman, "Error: nosuch\n", code: code) == nil)
  }

  @Test func `a podman within the container that cannot start something else ran`() {
    let text = Self.podman(
      #"exec: "inner": executable file not found in $PATH: OCI runtime attempted to invoke a command that was not found"#
    )
    #expect(failure(.podman, text, code: 127, command: "podman") == nil)
  }

  @Test func `on podman output before the message, or another code, means that it ran`() {
    let text = Self.podman(#"exec: "nosuch": executable file not found in $PATH: OCI runtime attempted"#)
    #expect(failure(.podman, text, code: 127, onStdout: true) == nil)
    #expect(failure(.podman, text, code: 1) == nil)
  }
}
