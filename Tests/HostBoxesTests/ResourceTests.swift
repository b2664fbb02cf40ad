import ExecEngine
import ExecModel
import Glibc
import HostBoxes
import Testing

/// What commands take and give back.
///
/// Other suites open descriptors of this process meanwhile, a hundred or two: a kind of command that leaked even one of
/// them each time would leave four hundred.
@Suite(.serialized, .timeLimit(.minutes(10)))
struct ResourceTests {
  private static let runs = 400
  private static let others = 300

  private static func openDescriptors() -> Int {
    (0..<4096).count { fcntl($0, F_GETFD) >= 0 }
  }

  private static func check(_ start: () async throws -> Void) async throws {
    let before = openDescriptors()
    for _ in 0..<runs { try await start() }
    #expect(openDescriptors() - before < others)
  }

  @Test
  func `commands with pipes give their descriptors back`() async throws {
    var pipes: Set<String> = []
    try await Self.check {
      let spec = ExecutionSpec(
        command: ["readlink", "/proc/self/fd/0", "/proc/self/fd/1", "/proc/self/fd/2"], input: .pipe)
      pipes.formUnion(try await Run(BoxUnderTest.local.box, spec).finish().text.split(separator: "\n").map(String.init))
    }
    #expect(pipes.count == 3 * Self.runs)
    #expect(pipes.isDisjoint(with: Self.ownLinks()))
  }

  private static func ownLinks() -> Set<String> {
    Set(
      (0..<4096).compactMap { number in
        var bytes = [CChar](repeating: 0, count: 128)
        let count = readlink("/proc/self/fd/\(number)", &bytes, 127)
        guard count > 0 else { return nil }
        return String(decoding: bytes.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
      })
  }

  @Test
  func `commands with a terminal give their descriptors back`() async throws {
    try await Self.check {
      let spec = ExecutionSpec(command: ["true"], terminal: TerminalSize())
      _ = try await Run(BoxUnderTest.local.box, spec).finish()
    }
  }

  @Test
  func `commands that do not start give their descriptors back`() async throws {
    let scratch = Scratch()
    let path = try scratch.file("data", "no program\n", mode: 0o755)
    try await Self.check {
      let error = #expect(throws: BoxError.self) {
        try Run(BoxUnderTest.local.box, ExecutionSpec(command: [path], input: .pipe))
      }
      #expect(error?.failure == .notExecutable)
    }
  }

  @Test
  func `commands that are released while they run give their descriptors back`() async throws {
    try await Self.check {
      try Run(BoxUnderTest.local.box, ExecutionSpec(command: ["sleep", "1000"])).process.release()
    }
  }

  @Test
  func `a command has a process group and session of its own`() async throws {
    let run = try Run(
      BoxUnderTest.local.box, ExecutionSpec(command: ["cut", "-d", " ", "-f", "1,5,6", "/proc/self/stat"]))
    let record = await run.finish()
    let pid = try #require(record.processIdentifier)
    #expect(record.text == "\(pid) \(pid) \(pid)\n")
    #expect(pid != getpgrp())
  }

  @Test
  func `a command inherits nothing but its three streams`() async throws {
    let record = try await Run(BoxUnderTest.local.box, ExecutionSpec(command: ["ls", "/proc/self/fd"])).finish()
    // The fourth is the folder that ls reads.
    #expect(record.text == "0\n1\n2\n3\n")
  }

  @Test
  func `after the release the process is reaped`() async throws {
    let run = try Run(BoxUnderTest.local.box, script: "exit 9")
    await run.sink.wait { $0.status != nil }
    let pid = try #require(run.sink.record.processIdentifier)
    #expect(kill(pid, 0) == 0, "a zombie still has its number")
    _ = await run.finish()
    #expect(kill(pid, 0) == -1)
  }

  @Test
  func `stopping a group ends its threads and closes what they had`() async throws {
    let pumps = PumpGroup(threads: 3)
    let box = LocalBox(pumps: pumps)
    for _ in 0..<3 { #expect(try await Run(box, script: "echo x").finish().text == "x\n") }
    pumps.stop()
    // A group that was stopped starts again with the next command.
    #expect(try await Run(box, script: "echo y").finish().text == "y\n")
    pumps.stop()
  }
}
