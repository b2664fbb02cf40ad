import ContainerBoxes
import ExecEngine
import ExecModel
import HostBoxes
import Testing

/// What every box must do with output and ends, in the same words for all of them.
@Suite(.timeLimit(.minutes(10)))
struct ConformanceTests {
  static let boxes = BoxUnderTest.all

  @Test(.enabled(if: BoxUnderTest.sandboxProblem == nil, "\(BoxUnderTest.sandboxProblem ?? "")"))
  func `the sandbox takes part in the conformance suite`() {
    let kept = KeptFixture.isSanitized ? [] : [KeptFixture.shared.name]
    let names = ["local", "bwrap", "roomy"] + kept + ["env", "joined"]
    #expect(Self.boxes.map(\.box.name).starts(with: names))
  }

  @Test(
    .enabled(
      if: BoxUnderTest.socket(of: .docker) != nil, "BOXWATCH_TEST_DOCKER names no socket: .ci/engines starts one"),
    .enabled(
      if: BoxUnderTest.socket(of: .podman) != nil, "BOXWATCH_TEST_PODMAN names no socket: .ci/engines starts one"))
  func `docker and podman take part in the conformance suite`() {
    let names = Self.boxes.suffix(2).map(\.box.name)
    #expect(names == ["docker:boxwatch-conformance", "podman:boxwatch-conformance"])
  }

  @Test(arguments: boxes)
  func `output that was unread at the exit arrives whole`(_ box: BoxUnderTest) async throws {
    let record = try await Run(box.box, script: "echo X && exit 0").finish()
    #expect(record.text == "X\n")
    #expect(record.stderr.isEmpty)
    #expect(record.status == .exited(0))
    #expect(record.entries.first == .started)
    // Podman forgets the number at once when the command is over.
    #expect(record.processIdentifier != nil || box.isContainer)
  }

  @Test(arguments: boxes)
  func `each end is reported once and nothing of a stream after its end`(_ box: BoxUnderTest) async throws {
    let record = try await Run(box.box, script: "echo out; echo err >&2; exit 7").finish()
    #expect(record.entries.count { $0 == .end(.stdout) } == 1)
    #expect(record.entries.count { $0 == .end(.stderr) } == 1)
    #expect(record.entries.count { $0 == .exited(.exited(7)) } == 1)
    for stream in ExecStream.allCases {
      let own = record.entries.filter { [.output(stream, 4), .end(stream)].contains($0) }
      #expect(own == [.output(stream, 4), .end(stream)])
    }
  }

  @Test(arguments: boxes)
  func `a last line without a newline counts`(_ box: BoxUnderTest) async throws {
    let record = try await Run(box.box, script: #"printf 'one\ntwo'"#).finish()
    #expect(record.text == "one\ntwo")
  }

  @Test(arguments: boxes)
  func `both streams stay apart`(_ box: BoxUnderTest) async throws {
    let record = try await Run(box.box, script: "echo out; echo err >&2; exit 3").finish()
    #expect(record.text == "out\n")
    #expect(record.errorText == "err\n")
    #expect(record.status == .exited(3))
  }

  @Test(arguments: boxes)
  func `a command that writes nothing ends both streams`(_ box: BoxUnderTest) async throws {
    let record = try await Run(box.box, ExecutionSpec(command: ["true"])).finish()
    #expect(record.stdout.isEmpty && record.stderr.isEmpty)
    #expect(Set(record.entries) == [.started, .end(.stdout), .end(.stderr), .exited(.exited(0))])
  }

  @Test(arguments: boxes)
  func `bytes stay bytes`(_ box: BoxUnderTest) async throws {
    let record = try await Run(box.box, script: #"printf '\000\377\303'"#).finish()
    #expect(record.stdout == [0, 0xFF, 0xC3])
  }

  @Test(arguments: boxes)
  func `a megabyte on each stream arrives whole and in order`(_ box: BoxUnderTest) async throws {
    let script = "seq 1 150000 & seq 200000 -1 50001 >&2; wait"
    let record = try await Run(box.box, script: script).finish()
    #expect(record.stdout == Self.lines(stride(from: 1, through: 150_000, by: 1)))
    #expect(record.stderr == Self.lines(stride(from: 200_000, through: 50_001, by: -1)))
  }

  private static func lines(_ numbers: some Sequence<Int>) -> [UInt8] {
    numbers.reduce(into: []) { bytes, number in
      bytes.append(contentsOf: String(number).utf8)
      bytes.append(UInt8(ascii: "\n"))
    }
  }

  @Test(arguments: boxes)
  func `four at a time keep their output apart`(_ box: BoxUnderTest) async throws {
    let runs = try (0..<4).map { try Run(box.box, script: "for i in 1 2 3; do echo \($0)-$i; done; exit \($0)") }
    for (index, run) in runs.enumerated() {
      let record = await run.finish()
      #expect(record.text == "\(index)-1\n\(index)-2\n\(index)-3\n")
      #expect(record.status == .exited(Int32(index)))
    }
  }

  @Test(arguments: boxes)
  func `three hundred short commands lose nothing`(_ box: BoxUnderTest) async throws {
    for number in 0..<300 {
      let record = try await Run(box.box, script: "printf \(number); exit \(number % 7)").finish()
      #expect(record.text == String(number))
      #expect(record.status == .exited(Int32(number % 7)))
    }
  }

  @Test(arguments: boxes)
  func `variables are set on top of the environment, the last one of a name`(_ box: BoxUnderTest) async throws {
    let variables = [("A", "1"), ("B", "two words $HOME 'x'"), ("A", "3")]
    let spec = ExecutionSpec(
      command: ["sh", "-c", #"echo "$A|$B|${PATH:+path}""#],
      environment: variables.map { EnvironmentVariable(name: $0.0, value: $0.1) })
    #expect(try await Run(box.box, spec).finish().text == "3|two words $HOME 'x'|path\n")
  }

  @Test(arguments: boxes)
  func `a command starts in its working directory`(_ box: BoxUnderTest) async throws {
    let spec = ExecutionSpec(command: ["pwd"], workingDirectory: "/usr/share")
    #expect(try await Run(box.box, spec).finish().text == "/usr/share\n")
  }

  @Test(arguments: boxes)
  func `another user is used, or refused before anything starts`(_ box: BoxUnderTest) async throws {
    let spec = ExecutionSpec(command: ["sh", "-c", "id -un; id -u"], user: "nobody")
    guard box.box.capabilities.contains(.user) else {
      let error = #expect(throws: BoxError.self) { try Run(box.box, spec) }
      #expect(error?.failure == .box && error?.description == box.box.userRefusal)
      #expect(error?.description.contains("'\(box.box.name)'") == true)
      return
    }
    #expect(box.box.userRefusal == nil)
    #expect(try await Run(box.box, spec).finish().text == "nobody\n65534\n")
    let numbers = ExecutionSpec(command: ["sh", "-c", "id -u; id -g"], user: "1234:4321")
    #expect(try await Run(box.box, numbers).finish().text == "1234\n4321\n")
    let missing = #expect(throws: BoxError.self) { try Run(box.box, ExecutionSpec(command: ["true"], user: "who")) }
    #expect(missing?.failure == .box && missing?.description.contains("who") == true, "\(missing.debugDescription)")
  }

  @Test(arguments: boxes)
  func `arguments arrive as they are`(_ box: BoxUnderTest) async throws {
    let words = ["a b", "", "it's", "$HOME", "\"q\"", "*", "é", "-n", "a\nb", "\\"]
    let spec = ExecutionSpec(command: ["printf", "<%s>"] + words)
    #expect(try await Run(box.box, spec).finish().text == words.map { "<\($0)>" }.joined())
  }

  @Test(arguments: boxes)
  func `a broken pipe ends a writer as in any shell`(_ box: BoxUnderTest) async throws {
    let script = "yes | head -n 1 >/dev/null; (yes; echo $? >&2) | head -n 1"
    let record = try await Run(box.box, script: script).finish()
    // With SIGPIPE ignored `yes` would complain instead, and report 1.
    #expect(record.text == "y\n")
    #expect(record.errorText == "141\n")
  }

  @Test(arguments: boxes)
  func `no signal is ignored or blocked in a command`(_ box: BoxUnderTest) async throws {
    let spec = ExecutionSpec(command: ["sed", "-n", #"s/^Sig\(Blk\|Ign\):\t//p"#, "/proc/self/status"])
    let masks = try await Run(box.box, spec).finish().text.split(separator: "\n").map { UInt64($0, radix: 16) }
    // glibc's posix_spawn leaves its own two, 32 and 33, ignored; no program sees them.
    #expect(masks.map { $0.map { $0 & ~(3 << 31) } } == [0, 0])
  }
}
