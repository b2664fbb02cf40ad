import ExecEngine
import ExecModel
import Glibc
import Linux
import Testing

@testable import HostBoxes

/// What a sandbox can have besides, as it is written and as it works.
@Suite(
  .timeLimit(.minutes(5)), .enabled(if: BoxUnderTest.sandboxProblem == nil, "\(BoxUnderTest.sandboxProblem ?? "")"))
struct SandboxOptionsTests {
  private static func box(_ texts: String..., readOnly: Bool = false, net: Bool = false) throws -> BubblewrapBox {
    let binds = try texts.map { try SandboxBind(text: $0, isReadOnly: readOnly) }
    return BubblewrapBox(options: SandboxOptions(binds: binds, hasNetwork: net))
  }

  @Test(arguments: [
    ("/a", "/a", "/a"), ("/a:/b", "/a", "/b"), ("/a:b:/c", "/a:b", "/c"), ("/a:b", "/a:b", "/a:b"),
    ("//a/./b/", "/a/b", "/a/b"), ("/a:/b:/c", "/a:/b", "/c"),
  ])
  func `a bind is read`(text: String, source: String, target: String) throws {
    let bind = try SandboxBind(text: text, isReadOnly: true)
    #expect(bind.source == source && bind.target == target)
  }

  @Test(arguments: ["", ":/a", "/a:/", "/"])
  func `a bind that cannot be meant is refused`(text: String) {
    #expect(throws: TextValueError.self) { try SandboxBind(text: text, isReadOnly: true) }
  }

  @Test
  func `a bound folder is written to, a read-only one is not`() async throws {
    let scratch = Scratch()
    let script = "echo in >/tmp/b/file 2>/dev/null && echo wrote || echo refused"
    #expect(try await Run(Self.box("\(scratch.path):/tmp/b"), script: script).finish().text == "wrote\n")
    #expect(CgroupFile.read(scratch.path + "/file") == "in\n")
    let refused = try await Run(Self.box("\(scratch.path):/tmp/b", readOnly: true), script: script).finish()
    #expect(refused.text == "refused\n")
  }

  @Test
  func `programs and directories are looked for where the sandbox shows them`() async throws {
    let scratch = Scratch()
    try scratch.file("tool", "#!/bin/sh\npwd\n", mode: 0o755)
    let box = try Self.box("\(scratch.path):/tmp/b")
    let spec = ExecutionSpec(command: ["/tmp/b/tool"], workingDirectory: "/tmp/b")
    #expect(try await Run(box, spec).finish().text == "/tmp/b\n")
    let missing = #expect(throws: BoxError.self) { try Run(box, ExecutionSpec(command: ["/tmp/b/none"])) }
    #expect(missing?.failure == .notFound)
    let nowhere = ExecutionSpec(command: ["true"], workingDirectory: "/tmp/b/none")
    #expect(#expect(throws: BoxError.self) { try Run(box, nowhere) }?.failure == .badDirectory)
  }

  @Test
  func `the network is the host's when that is asked for`() async throws {
    let script = "readlink /proc/self/ns/net"
    let own = try #require(ProcessDirectory(processIdentifier: getpid()).link("ns/net"))
    #expect(try await Run(Self.box(net: true), script: script).finish().text == own + "\n")
    #expect(try await Run(Self.box(), script: script).finish().text != own + "\n")
  }

  @Test
  func `what is not there, or has no place, is said before anything starts`() throws {
    for text in ["/no/such/thing", "/etc:/usr/no-such-place"] {
      let error = #expect(throws: BoxError.self) { try Run(Self.box(text), script: "true") }
      #expect(error?.failure == .box)
      #expect(error?.description.contains(text.split(separator: ":").last.map(String.init) ?? "") == true)
    }
  }

  @Test
  func `a bind may be placed behind a link of the sandbox`() async throws {
    let scratch = Scratch()
    try scratch.file("mark", "here\n")
    let box = try Self.box("\(scratch.path):/var/run/service")
    #expect(try await Run(box, script: "cat /var/run/service/mark /run/service/mark").finish().text == "here\nhere\n")
  }

  @Test
  func `no bind shows what boxwatch is steered by`() async throws {
    let scratch = Scratch()
    for folder in ["run", "run/boxwatch"] { #expect(mkdir(scratch.path + "/" + folder, 0o700) == 0) }
    try scratch.file("run/boxwatch/1.sock", "not for a sandbox\n")
    let environment = EnvironmentBlock.inherited().setting([
      EnvironmentVariable(name: "XDG_RUNTIME_DIR", value: scratch.path + "/run")
    ])
    let around = SandboxOptions(binds: [try SandboxBind(text: scratch.path + ":/tmp/all", isReadOnly: false)])
    let box = BubblewrapBox(options: around, pumps: .shared, environment: environment)
    let script = "test -d /tmp/all/run && find /tmp/all -name 1.sock | wc -l"
    #expect(try await Run(box, script: script).finish().text == "0\n")
    let exact = SandboxOptions(binds: [try SandboxBind(text: scratch.path + "/run/boxwatch", isReadOnly: true)])
    let error = #expect(throws: BoxError.self) { _ = try SandboxView(exact, environment) }
    #expect(error?.description.contains("controls boxwatch itself") == true)
  }

  @Test
  func `a bind may lie in another one`() async throws {
    let scratch = Scratch()
    let box = try Self.box("/usr:/tmp/u", "\(scratch.path):/tmp/u/share")
    try scratch.file("mark", "here\n")
    #expect(
      try await Run(box, script: "cat /tmp/u/share/mark; test -d /tmp/u/bin && echo usr").finish().text == "here\nusr\n"
    )
  }
}
