import ExecEngine
import ExecModel
import Synchronization
import Testing

/// What a command reads, in every box.
@Suite(.timeLimit(.minutes(10)))
struct ConformanceInputTests {
  static let boxes = BoxUnderTest.all

  private static func write(_ bytes: [UInt8], to process: any BoxProcess) async -> InputError? {
    await withCheckedContinuation { continuation in
      process.write(bytes) { continuation.resume(returning: $0) }
    }
  }

  @Test(arguments: boxes)
  func `a megabyte of input comes back through cat`(_ box: BoxUnderTest) async throws {
    let run = try Run(box.box, ExecutionSpec(command: ["cat"], input: .pipe))
    let bytes = (0..<1_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
    for start in stride(from: 0, to: bytes.count, by: 250_000) {
      #expect(await Self.write(Array(bytes[start..<(start + 250_000)]), to: run.process) == nil)
    }
    run.process.closeInput()
    let record = await run.finish()
    #expect(record.stdout == bytes)
    #expect(record.status == .exited(0))
  }

  @Test(arguments: boxes)
  func `the input closes after what was queued, and takes nothing more`(_ box: BoxUnderTest) async throws {
    let run = try Run(box.box, ExecutionSpec(command: ["wc", "-c"], input: .pipe))
    run.process.write(Array(repeating: 7, count: 300_000)) { _ in }
    run.process.closeInput()
    #expect(await Self.write([1], to: run.process) == .closed)
    #expect(await run.finish().text == "300000\n")
  }

  @Test(arguments: boxes)
  func `closed input reads as ended`(_ box: BoxUnderTest) async throws {
    let record = try await Run(box.box, ExecutionSpec(command: ["cat"])).finish()
    #expect(record.stdout.isEmpty)
    #expect(record.status == .exited(0))
  }

  @Test(arguments: boxes)
  func `a file is read as input`(_ box: BoxUnderTest) async throws {
    let scratch = Scratch()
    let path = try scratch.file("in", "from a file\n")
    let record = try await Run(box.box, ExecutionSpec(command: ["cat"], input: .file(path))).finish()
    #expect(record.text == "from a file\n")
  }

  @Test(arguments: boxes)
  func `a missing input file is named`(_ box: BoxUnderTest) throws {
    let spec = ExecutionSpec(command: ["cat"], input: .file("/nowhere/at all"))
    let error = #expect(throws: BoxError.self) { try Run(box.box, spec) }
    #expect(error?.failure == .system(2))
    #expect(error?.description.contains("'/nowhere/at all'") == true)
  }

  @Test(arguments: boxes)
  func `writing to a command that does not read fails with EPIPE and without a signal`(_ box: BoxUnderTest) async throws
  {
    let run = try Run(box.box, ExecutionSpec(command: ["sh", "-c", "exec <&-; echo closed; sleep 1000"], input: .pipe))
    await run.sink.wait { $0.text == "closed\n" }
    if !box.endsWithCommand, !box.isContainer {
      #expect(await Self.write(Array(repeating: 1, count: 200_000), to: run.process) == .brokenPipe)
    }
    try run.process.signal(.kill)
    _ = await run.finish()
  }

  @Test(arguments: boxes)
  func `a release answers the writes that still wait`(_ box: BoxUnderTest) async throws {
    let run = try Run(box.box, ExecutionSpec(command: ["sleep", "1000"], input: .pipe))
    async let answer = Self.write(Array(repeating: 1, count: 4_000_000), to: run.process)
    try run.process.signal(.kill)
    await run.sink.wait { $0.status != nil }
    _ = await run.finish()
    #expect([.closed, .brokenPipe].contains(await answer))
  }
}
