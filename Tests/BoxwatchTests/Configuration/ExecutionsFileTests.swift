import ArgumentParser
import Console
import ExecModel
import Jobs
import SystemPackage
import TestSupport
import Testing

@testable import boxwatch

@Suite struct ExecutionsFileTests {
  private let folder = ScratchFolder()

  private func requests(_ text: String, _ arguments: [String] = []) throws -> [ExecutionRequest] {
    let file = folder.path.appending("execs.yaml")
    let descriptor = try FileDescriptor.open(
      file, .writeOnly, options: [.create, .truncate], permissions: .ownerReadWrite)
    try descriptor.closeAfter { _ = try descriptor.writeAll(text.utf8) }
    return try ExecutionsFile(path: file.string).requests(defaults: try RunOptions.parse(arguments), Configuration())
  }

  private func complaint(_ text: String) -> String? {
    do {
      _ = try requests(text)
      return nil
    } catch {
      return "\(error)".replacing(folder.path.string + "/", with: "")
    }
  }

  @Test func `a mapping names its executions, in its order`() throws {
    let requests = try requests("web: {command: [python3, -m, http.server], box: bwrap}\nbuild: make -j2\n")
    #expect(requests.map(\.spec.name) == ["web", "build"])
    #expect(requests.map(\.box) == ["bwrap", "local"])
    #expect(requests.map(\.spec.command) == [["python3", "-m", "http.server"], ["make", "-j2"]])
  }

  @Test func `a list may name them or not`() throws {
    let requests = try requests("- make\n- {command: ls, name: list}\n- [echo, a b]\n")
    #expect(requests.map(\.spec.name) == [nil, "list", nil])
    #expect(requests.map(\.spec.command) == [["make"], ["ls"], ["echo", "a b"]])
  }

  @Test func `everything that an option can say can be said here, and beats the option`() throws {
    let text = """
      a:
        command: cat
        env: {A: "1", B: ""}
        workdir: /srv
        user: web:1000
        tty: true
        timeout: 5m
        kill-grace: 1s
        drain: empty
        keep: all
        stdin: /dev/null
      """
    let spec = try #require(
      try requests(text, ["--env", "A=0", "--timeout", "1s", "--user", "nobody", "--keep", "8M"]).first?.spec)
    #expect(
      spec.environment == [
        EnvironmentVariable(name: "A", value: "0"), EnvironmentVariable(name: "A", value: "1"),
        EnvironmentVariable(name: "B", value: ""),
      ])
    #expect(spec.workingDirectory == "/srv")
    #expect(spec.user == "web:1000")
    #expect(spec.terminal == TerminalSize())
    #expect(spec.timeLimit == .seconds(300))
    #expect(spec.killGrace == .seconds(1))
    #expect(spec.drain == .untilEmpty)
    #expect(spec.keep == .all)
    #expect(spec.input == .file("/dev/null"))
  }

  @Test(arguments: [
    ("a: {command: x, colour: red}\n", "execs.yaml:1:17", "colour"),
    ("a:\n  box: local\n", "execs.yaml:2:3", "needs a command"),
    ("a: {command: x, timeout: 0s}\n", "execs.yaml:1:26", "at once"),
    ("a: {command: x, user: \" \"}\n", "execs.yaml:1:23", "user: the user is missing"),
    ("a: {command: x, tty: maybe}\n", "execs.yaml:1:22", "true or false"),
    ("a: {command: x, env: [A=1]}\n", "execs.yaml:1:22", "mapping"),
    ("a: {command: x, env: {\"A=\": b}}\n", "execs.yaml:1:29", "not a valid name of a variable"),
    ("- []\n", "execs.yaml:1:3", "needs a command"),
    ("[]\n", "execs.yaml:1:1", "no command"),
    ("just words\n", "execs.yaml:1:1", "mapping"),
    ("", "execs.yaml", "empty"),
  ])
  func `what is wrong is told with its place`(text: String, place: String, word: String) {
    let complaint = complaint(text)
    #expect(complaint?.hasPrefix(place + ": ") == true, "\(complaint ?? "no complaint")")
    #expect(complaint?.contains(word) == true, "\(complaint ?? "no complaint")")
  }

  @Test func `a file that is not there is named`() throws {
    let file = ExecutionsFile(path: "/nowhere/execs.yaml")
    let error = #expect(throws: Failure.self) {
      try file.requests(defaults: try RunOptions.parse([]), Configuration())
    }
    #expect(error?.description == "/nowhere/execs.yaml: no such file")
  }
}
