import ExecEngine
import ExecModel
import SystemPackage
import TestSupport
import Testing

@testable import ContainerBoxes

/// What an engine should not do, and what this module does then.
@Suite(.timeLimit(.minutes(5)))
struct FakeEngineTests {
  private typealias Reply = FakeEngine.Reply

  private static let version = #"{"ApiVersion":"1.41","MinAPIVersion":"1.12","Components":[{"Name":"Engine"}]}"#

  private static func state(running: Bool, code: Int, process: Int = 99_999_999) -> Reply {
    .json(200, #"{"Running":\#(running),"ExitCode":\#(code),"Pid":\#(process),"ContainerID":"cafe"}"#)
  }

  /// An engine with one exec, whose stream and states the test gives.
  private static func engine(
    start: Reply, named name: String = "Engine", state: @escaping @Sendable (Int) -> Reply
  ) throws -> FakeEngine {
    try FakeEngine { line, count in
      if line.hasSuffix("/version") { return .json(200, version.replacing("\"Engine", with: "\"\(name)")) }
      if line.hasSuffix("/exec") { return .json(201, #"{"Id":"e1"}"#) }
      if line.hasSuffix("/start") { return start }
      return state(count)
    }
  }

  private static let frames =
    FrameDecoderTests.frame(1, Array("out\n".utf8)) + FrameDecoderTests.frame(2, Array("err\n".utf8))

  private func end(_ engine: FakeEngine) throws -> (conclusion: Conclusion, out: String, err: String) {
    let run = EngineRun()
    let id = try run.start("true", in: engine.box)
    return (try run.end(id), run.text(.stdout, id), run.text(.stderr, id))
  }

  @Test(arguments: ["101 UPGRADED", "200 OK"])
  func `both answers to a start are a stream`(status: String) throws {
    let engine = try Self.engine(start: .stream(Self.frames, status: status)) { _ in Self.state(running: false, code: 5)
    }
    let (conclusion, out, err) = try end(engine)
    #expect(conclusion.outcome == Outcome(status: .exited(5)))
    #expect(out == "out\n" && err == "err\n")
    #expect(engine.count("/start") == 1)
  }

  @Test(arguments: ["101 UPGRADED", "200 OK"])
  func `an answer that comes byte by byte is the same`(status: String) throws {
    var start = FakeEngine.Reply.stream(Self.frames, status: status)
    start.trickles = true
    let engine = try Self.engine(start: start) { _ in Self.state(running: false, code: 5) }
    for _ in 0..<20 {
      let (conclusion, out, err) = try end(engine)
      #expect(conclusion.outcome == Outcome(status: .exited(5)))
      #expect(out == "out\n" && err == "err\n")
    }
  }

  /// The input looks like a request, so that the engine answers it with the output.
  @Test(arguments: ["101 UPGRADED", "200 OK"])
  func `input reaches the command after both answers`(status: String) throws {
    var start = Reply.stream([], status: status)
    start.closes = false
    let started = start
    let engine = try FakeEngine { line, count in
      if line.hasSuffix("/version") { return .json(200, Self.version) }
      if line.hasSuffix("/exec") { return .json(201, #"{"Id":"e1"}"#) }
      if line.hasSuffix("/start") { return started }
      if line.hasSuffix("/typed") { return Reply(bytes: Self.frames, closes: true) }
      return Self.state(running: count == 0, code: 5)
    }
    let run = EngineRun()
    let file = run.folder.path.appending("input")
    let written = try FileDescriptor.open(file, .writeOnly, options: .create, permissions: .ownerReadWrite)
    try written.closeAfter { _ = try written.writeAll("POST /typed HTTP/1.1\r\n\r\n".utf8) }
    let id = try run.start("cat", in: engine.box, input: .file(file.string))
    #expect(try run.end(id).outcome == Outcome(status: .exited(5)))
    #expect(run.text(.stdout, id) == "out\n")
    #expect(engine.count("/typed") == 1)
  }

  @Test(arguments: [
    FakeEngine.Reply.nothing, .json(500, #"{"message":"exec session state improper"}"#), .json(404, "gone"),
  ])
  func `a start that is not answered well is never sent again`(reply: FakeEngine.Reply) throws {
    let engine = try Self.engine(start: reply) { _ in Self.state(running: false, code: 0, process: 0) }
    let error = #expect(throws: BoxError.self) {
      try engine.box.start(ExecutionSpec(command: ["x"]), reportingTo: NoSink())
    }
    #expect(error?.failure == .box)
    #expect(error?.description.contains("\n") == false)
    #expect(engine.count("/start") == 1)
  }

  @Test func `an exit code that comes late is waited for`() throws {
    let engine = try Self.engine(start: .stream(Self.frames)) { Self.state(running: $0 < 6, code: $0 < 6 ? 0 : 3) }
    let (conclusion, out, _) = try end(engine)
    #expect(conclusion.outcome == Outcome(status: .exited(3)))
    #expect(out == "out\n")
  }

  @Test func `an exit code that is gone is a loss, and both streams are named`() throws {
    let engine = try Self.engine(start: .stream(Self.frames)) { count in
      count < 1 ? Self.state(running: true, code: 0) : .json(404, #"{"message":"No such exec instance"}"#)
    }
    let (conclusion, out, err) = try end(engine)
    #expect(conclusion.outcome == Outcome(status: .lost, truncated: .both))
    #expect(conclusion.unproven == .both)
    #expect(out == "out\n" && err == "err\n")
  }

  @Test(arguments: [1, 7, 8, 9]) func `an end within a frame is a cut`(missing: Int) throws {
    let engine = try Self.engine(start: .stream(Array(Self.frames.dropLast(missing)))) { _ in
      Self.state(running: false, code: 0)
    }
    #expect(try end(engine).conclusion.outcome == Outcome(status: .exited(0), truncated: .both))
  }

  @Test(arguments: [("Podman Engine", StreamSet.both), ("Engine", StreamSet())])
  func `the words with which podman ends what it could not read are a cut`(name: String, cut: StreamSet) throws {
    let words = "Error: read unixpacket @->/proc/self/fd/13/attach: read: connection reset by peer\n"
    let stream = Self.frames + FrameDecoderTests.frame(2, Array(words.utf8))
    let engine = try Self.engine(start: .stream(stream), named: name) { _ in Self.state(running: false, code: 4) }
    let (conclusion, _, err) = try end(engine)
    #expect(conclusion.outcome == Outcome(status: .exited(4), truncated: cut))
    #expect(err == "err\n" + words)
  }

  @Test func `bytes that are no frames are a cut`() throws {
    let engine = try Self.engine(start: .stream(Self.frames + Array("hello world".utf8))) { _ in
      Self.state(running: false, code: 0)
    }
    let (conclusion, out, _) = try end(engine)
    #expect(conclusion.outcome == Outcome(status: .exited(0), truncated: .both))
    #expect(out == "out\n")
  }

  @Test func `any bytes at all after a start come to an end`() throws {
    var chance = SeededGenerator()
    for _ in 0..<100 {
      let bytes = (0..<Int.random(in: 0...60, using: &chance)).map { _ in UInt8.random(in: 0...3, using: &chance) }
      let isHTTP = Bool.random(using: &chance)
      let reply = isHTTP ? FakeEngine.Reply.stream(bytes) : FakeEngine.Reply(bytes: bytes, closes: true)
      let engine = try Self.engine(start: reply) { _ in Self.state(running: false, code: 1) }
      let run = EngineRun()
      let id = try run.start("true", in: engine.box)
      let status = try run.end(id).outcome.status
      #expect(isHTTP ? status == .exited(1) : status == .startFailed(.box), "seed \(chance.seed)")
    }
  }

  @Test(arguments: [
    FakeEngine.Reply.json(404, ""), .json(200, "{}"), .json(200, "[1"), .json(302, "<html>"),
    FakeEngine.Reply(bytes: Array("SSH-2.0-OpenSSH\r\n".utf8), closes: true), .nothing,
  ])
  func `a server that is not an engine is reported in one line`(reply: FakeEngine.Reply) throws {
    let engine = try FakeEngine { _, _ in reply }
    let error = #expect(throws: BoxError.self) {
      try engine.box.start(ExecutionSpec(command: ["x"]), reportingTo: NoSink())
    }
    #expect(error?.failure == .box)
    #expect(error?.description.contains("\n") == false)
    #expect(error?.description.contains("engine") == true)
  }

  @Test func `a connection that the engine closed while it was idle is not a failure`() throws {
    // Each answer but the stream's is followed by the connection's end.
    let engine = try FakeEngine { line, _ in
      var reply: FakeEngine.Reply =
        line.hasSuffix("/version")
        ? .json(200, Self.version)
        : line.hasSuffix("/exec")
          ? .json(201, #"{"Id":"e1"}"#)
          : line.hasSuffix("/start") ? .stream(Self.frames) : Self.state(running: false, code: 0)
      reply.closes = true
      return reply
    }
    for _ in 0..<50 { #expect(try end(engine).conclusion.outcome == Outcome(status: .exited(0))) }
  }
}
