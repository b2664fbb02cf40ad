import BoxLiteWire
import ExecEngine
import ExecModel
import TestSupport
import Testing

@testable import BoxLiteClient

@Suite struct AttachmentTests {
  private func attachment(
    _ endpoint: Endpoint, _ execution: String, box: String = "b", allowsInput: Bool = true
  ) throws -> BoxLiteAttachment {
    try BoxLiteAttachment(
      target: BoxLiteTarget(endpoint: endpoint, box: box, execution: execution), key: nil, allowsInput: allowsInput,
      options: .quick)
  }

  private let spec = ExecutionSpec(command: ["theirs"], input: .pipe)

  @Test func `a late attach to a short command gets it from its first byte`() throws {
    let server = try FakeServer()
    defer { server.stop() }
    server.create("e")
    server.write("e", "before\n")
    let watched = Watched()
    let id = try watched.engine.start(spec, in: attachment(server.endpoint, "e"))
    try watched.waitForOutput(id, 7)
    server.write("e", "after\n")
    server.end("e", 5)
    let record = try watched.record(id)
    #expect(record.text == "before\nafter\n" && record.status == .exited(5) && record.conclusion?.isWhole == true)
  }

  @Test func `an attach after more than the backlog gets a gap before its first byte`() throws {
    let server = try FakeServer()
    defer { server.stop() }
    server.create("e")
    for number in 0..<400 { server.write("e", String(repeating: "\(number) ", count: 300)) }
    server.end("e")
    let record = try Watched().run(spec, in: attachment(server.endpoint, "e"))
    #expect(record.gaps == [.joinedLate] && record.places == [0] && record.text.hasSuffix("399 "))
    #expect(record.conclusion?.isWhole == false)
  }

  @Test func `a release leaves the command running, and the writer's place free`() throws {
    let server = try FakeServer()
    defer { server.stop() }
    server.create("e")
    server.write("e", "here\n")
    let watched = Watched()
    let box = try attachment(server.endpoint, "e")
    #expect(box.capabilities.contains(.outlives))
    let id = try watched.engine.start(spec, in: box)
    try watched.waitForOutput(id, 5)
    try watched.engine.detach(id)
    #expect(try watched.record(id).status == .detached)
    #expect(server.execution("e")?.code == nil)
    server.waitUntil { $0.executions["e"]?.isTaken == false }
    server.end("e")
    #expect(try watched.run(spec, in: box).text == "here\n")
  }

  @Test func `a refusal is one clear line, and nothing is started`() throws {
    let server = try FakeServer()
    defer { server.stop() }
    server.create("e")
    for (fault, words) in [(409, "only one client"), (410, "removed it"), (503, "refused with 503"), (401, "key")] {
      server.plan(.refuse(fault))
      let record = try Watched().run(spec, in: attachment(server.endpoint, "e"))
      #expect(
        record.status == .startFailed(.box) && record.startError?.contains(words) == true, "\(record.startError ?? "")")
    }
    let unknown = try Watched().run(spec, in: attachment(server.endpoint, "nothing"))
    #expect(unknown.startError?.contains("does not know it") == true)
    #expect(throws: BoxError.self) { try attachment(server.endpoint, "nothing").spec() }
  }

  @Test func `a watcher stays one after a cut, and never writes`() throws {
    let server = try FakeServer()
    defer { server.stop() }
    server.create("e")
    server.write("e", "one\n")
    server.plan(.cut(after: 4, .fin))
    let watched = Watched()
    let id = try watched.engine.start(spec, in: attachment(server.endpoint, "e", allowsInput: false))
    let refused = Gate()
    try watched.engine.write(id, [1]) { error in if error == .closed { refused.open() } }
    #expect(refused.wait())
    try watched.engine.closeInput(id)
    server.waitUntil { ($0.executions["e"]?.queries.count ?? 0) >= 2 }
    server.end("e")
    #expect(try watched.record(id).text == "one\n")
    let execution = server.execution("e")
    #expect(execution?.queries.allSatisfy { $0 == "stdin=0" } == true)
    #expect(execution?.input.isEmpty == true && execution?.hasEndOfInput == false)
  }

  @Test func `input keeps its order across a cut, and its end comes behind it`() throws {
    let server = try FakeServer()
    defer { server.stop() }
    server.create("e")
    server.write("e", "prompt")
    let watched = Watched()
    let id = try watched.engine.start(spec, in: attachment(server.endpoint, "e"))
    try watched.waitForOutput(id, 6)
    let text = (0..<30_000).map { "\($0) " }.joined()
    let taken = Gate()
    try watched.engine.write(id, Array(text.utf8)) { error in if error == nil { taken.open() } }
    #expect(taken.wait())
    server.waitUntil { $0.executions["e"]?.input.count == text.utf8.count }
    server.change { $0.isCut = true }
    server.waitUntil { ($0.executions["e"]?.queries.count ?? 0) >= 2 }
    try watched.engine.write(id, Array("last".utf8))
    try watched.engine.closeInput(id)
    server.waitUntil { $0.executions["e"]?.hasEndOfInput == true }
    #expect(server.execution("e")?.input == Array((text + "last").utf8))
    server.end("e")
    #expect(try watched.record(id).status == .exited(0))
  }

  @Test func `sizes and signals go to the server, and a kill too`() throws {
    let server = try FakeServer()
    defer { server.stop() }
    server.create("e")
    let watched = Watched()
    let id = try watched.engine.start(spec, in: attachment(server.endpoint, "e"))
    try watched.engine.resize(id, to: TerminalSize(rows: 5, columns: 9))
    try watched.engine.signal(id, Signal(number: 10))
    server.waitUntil { $0.executions["e"]?.signals == [10] && $0.executions["e"]?.sizes.count == 1 }
    #expect(server.execution("e")?.sizes == [ResizeBody(columns: 9, rows: 5)])
    try watched.engine.signal(id, .kill)
    #expect(try watched.record(id).status == .signalled(9, coreDumped: false))
  }

  @Test func `an unknown code is a lost connection, or HUP when we sent it`() throws {
    let server = try FakeServer()
    defer { server.stop() }
    for (code, status) in [(Int32(-1), ExitStatus.lost), (-129, .lost), (-2, .signalled(2, coreDumped: false))] {
      server.create("e\(code)")
      server.write("e\(code)", "x")
      server.end("e\(code)", code)
      let record = try Watched().run(spec, in: attachment(server.endpoint, "e\(code)"))
      #expect(record.status == status && record.text == "x")
    }
    server.create("hung")
    let watched = Watched()
    let id = try watched.engine.start(spec, in: attachment(server.endpoint, "hung"))
    try watched.engine.signal(id, .hangUp)
    server.waitUntil { $0.executions["hung"]?.signals == [1] }
    server.end("hung", -1)
    #expect(try watched.record(id).status == .signalled(1, coreDumped: false))
  }

  @Test func `a command that was killed and forgotten while the connection was cut is lost`() throws {
    let server = try FakeServer()
    defer { server.stop() }
    server.create("e")
    server.write("e", "x")
    let watched = Watched()
    let id = try watched.engine.start(spec, in: attachment(server.endpoint, "e"))
    try watched.waitForOutput(id, 1)
    server.change { state in
      state.executions["e"]?.isKnown = false
      state.isCut = true
    }
    let record = try watched.record(id)
    #expect(record.status == .lost && record.text == "x" && record.conclusion?.outcome.isComplete == false)
  }

  @Test func `a kill that finds no way to the server does not wait for the budget`() throws {
    let server = try FakeServer()
    server.create("e")
    server.write("e", "x")
    let watched = Watched()
    let id = try watched.engine.start(spec, in: attachment(server.endpoint, "e"))
    try watched.waitForOutput(id, 1)
    server.stop()
    try watched.engine.forceClose(id)
    #expect(try watched.record(id, seconds: 20).status == .lost)
  }

  @Test func `our own server says what a held stream cost, and the streams are named`() throws {
    let server = try OwnServer()
    defer { server.stop() }
    let box = BoxLiteBox(target: BoxLiteTarget(endpoint: server.endpoint, box: "web"), key: nil, options: .quick)
    let record = try Watched().run("sh", "-c", "echo kept; sleep 30 2>/dev/null & exit 4", in: box)
    #expect(record.text == "kept\n" && record.status == .exited(4))
    #expect(record.conclusion?.outcome.truncated == .stdout)
  }

  @Test func `the command's line is the server's, neither cut into words nor quoted`() throws {
    let server = try OwnServer()
    defer { server.stop() }
    let execution = try server.client().exec("web", ExecBody(command: "sh", arguments: ["-c", "true & echo a b"]))
    let box = try attachment(server.endpoint, execution, box: "web")
    let spec = try box.spec()
    #expect(spec.command == ["sh -c true & echo a b"] && spec.name == "sh -c true & echo a b")
    #expect(try Watched().run(spec, in: box).text == "a b\n")
  }
}
