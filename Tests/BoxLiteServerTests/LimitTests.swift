import BoxLiteWire
import ExecEngine
import ExecModel
import JSON
import Synchronization
import SystemPackage
import TestSupport
import Testing

@testable import BoxLiteServer

/// How much clients may have: boxes, their bytes, executions.
@Suite struct LimitTests {
  private func configuration(_ change: (inout ServerLimits) -> Void) -> ServerConfiguration {
    var configuration = ServerConfiguration()
    change(&configuration.limits)
    return configuration
  }

  private func box(_ bytes: Int, _ name: String = "X") -> String {
    #"{"image":"x","env":{"\#(name)":"\#(String(repeating: "v", count: bytes))"}}"#
  }

  @Test func `one box too many is refused, and accepted when another is removed`() throws {
    let fixture = try ServerFixture(configuration { $0.boxes = 3 })
    let boxes = try (0..<3).map { _ in try fixture.box() }
    let (status, body) = try fixture.ask("POST", "/v1/boxes", body: #"{"image":"x"}"#)
    #expect(status == 429 && body.contains("resource_exhausted") && body.contains("3 boxes already"), "\(body)")
    #expect(try fixture.ask("DELETE", "/v1/boxes/\(boxes[0])").status == 204)
    #expect(try fixture.ask("POST", "/v1/boxes", body: #"{"image":"x"}"#).status == 201)
  }

  @Test func `a box that is too large is refused`() throws {
    let fixture = try ServerFixture(configuration { $0.box = 10_000 })
    #expect(try fixture.ask("POST", "/v1/boxes", body: box(9000)).status == 201)
    let (status, body) = try fixture.ask("POST", "/v1/boxes", body: box(10_000))
    #expect(status == 413 && body.contains("the limit for one box is 10000"), "\(body)")
  }

  @Test func `many small variables are counted with what each costs`() throws {
    let fixture = try ServerFixture(configuration { $0.box = 100_000 })
    let labels = (0..<2000).map { #""\#($0)":"""# }.joined(separator: ",")
    #expect(try fixture.ask("POST", "/v1/boxes", body: #"{"image":"x","labels":{\#(labels)}}"#).status == 413)
  }

  @Test func `all boxes together have a size limit`() throws {
    let fixture = try ServerFixture(configuration { $0.allBoxes = 30_000 })
    let first = try fixture.ask("POST", "/v1/boxes", body: box(12_000))
    #expect(try fixture.ask("POST", "/v1/boxes", body: box(12_000)).status == 201)
    let (status, body) = try fixture.ask("POST", "/v1/boxes", body: box(12_000))
    #expect(status == 429 && body.contains("the limit of 30000 bytes"), "\(body)")
    guard case .string(let id)? = ServerFixture.field("box_id", first.body) else { throw ServerFixture.Missing() }
    #expect(try fixture.ask("DELETE", "/v1/boxes/\(id)").status == 204)
    #expect(try fixture.ask("POST", "/v1/boxes", body: box(12_000)).status == 201)
  }

  @Test func `one command too many is refused, and accepted when another has ended`() throws {
    let fixture = try ServerFixture(configuration { $0.executions = 2 })
    let paths = try (0..<2).map { _ in try fixture.execute("cat") }
    let box = try fixture.box()
    let (status, body) = try fixture.ask("POST", "/v1/boxes/\(box)/exec", body: #"{"command":"true"}"#)
    #expect(status == 429 && body.contains("2 commands already run on this server"), "\(body)")
    let client = try fixture.attach(paths[0] + "/attach")
    client.frame(0x81, Array(#"{"type":"stdin_eof"}"#.utf8))
    #expect(client.session().texts == [#"{"type":"exit","exit_code":0}"#])
    // One that cannot start takes no place.
    for _ in 0..<5 {
      #expect(try fixture.ask("POST", "/v1/boxes/\(box)/exec", body: #"{"command":"/none"}"#).status == 422)
    }
    #expect(try fixture.ask("POST", "/v1/boxes/\(box)/exec", body: #"{"command":"true"}"#).status == 201)
  }

  private func run(_ fixture: StoreFixture, _ box: ScriptedBox, words: Int) throws -> ExecutionID {
    let body = try ExecBody(body: Array(#"{"command":"x","args":["\#(String(repeating: "w", count: words))"]}"#.utf8))
    return try fixture.store.exec(BoxPlace(id: fixture.name, box: box), body)
  }

  private func end(_ box: ScriptedBox) {
    for stream in ExecStream.allCases { box.sink.endOfStream(stream) }
    box.sink.exited(.exited(0))
  }

  @Test func `the execution that ended first makes room for a new one, a running one does not`() throws {
    let fixture = try StoreFixture(limits: { $0.allExecutions = 100_000 })
    let boxes = (0..<3).map { _ in ScriptedBox() }
    let first = try run(fixture, boxes[0], words: 30_000)
    end(boxes[0])
    fixture.timers.advance(by: .seconds(1))
    let second = try run(fixture, boxes[1], words: 30_000)
    let third = try run(fixture, boxes[2], words: 30_000)
    let known = Set(fixture.store.executions(in: fixture.name).map(\.id))
    #expect(known == [fixture.execution.description, second.description, third.description])
    #expect(throws: (any Error).self) { try fixture.store.engine.snapshot(first) }
    let refusal = #expect(throws: ErrorReply.self) { try run(fixture, ScriptedBox(), words: 30_000) }
    #expect(refusal?.kind == .resourceExhausted)
    end(boxes[1])
    _ = try run(fixture, ScriptedBox(), words: 30_000)
  }

  @Test func `the counts are right when every execution has ended and was removed`() throws {
    let fixture = try StoreFixture()
    fixture.end()
    fixture.timers.advance(by: .seconds(400))
    fixture.store.reap()
    #expect(fixture.store.content.withLock { ($0.running, $0.bytes) } == (0, 0))
  }

  @Test func `a list shows long commands cut short`() throws {
    let fixture = try StoreFixture()
    let id = try run(fixture, ScriptedBox(), words: 1_000_000)
    let reply = fixture.store.executions(in: fixture.name).first { $0.id == id.description }
    #expect((reply?.command.utf8.count ?? 0) < 5000 && reply?.command.hasSuffix("…") == true)
  }

  @Test func `answers and bodies that wait have a room, and the first may always`() {
    let room = Room(10)
    #expect(room.take(50))
    #expect(!room.take(1))
    // A refusal is short and needs none.
    #expect(room.take(0))
    room.giveBack(50)
    #expect(room.take(6) && room.take(4) && !room.take(1))
  }

  @Test func `what the server holds for a client counts until the client reads it`() {
    let room = Room(100)
    let (one, other) = (ClientBytes(room, own: 10), ClientBytes(room, own: 10))
    #expect(one.read(106) && !other.read(20) && other.read(0) == false)
    // A head of 6 bytes, then a message of 100.
    one.drop(6)
    one.pass(100)
    #expect(!room.take(11) && room.take(10))
    room.giveBack(10)
    one.end()
    #expect(!room.take(11))
    one.inputTaken(100)
    #expect(room.take(100))
  }

  /// A box whose commands start when the test says so.
  private struct GatedBox: Box {
    let name = "gated"
    let capabilities = BoxCapabilities.everything
    let entered = Gate()
    let gate = Gate()

    func start(_ spec: ExecutionSpec, reportingTo sink: any ExecutionSink) throws(BoxError) -> any BoxProcess {
      entered.open()
      gate.wait()
      return try InstantBox().start(spec, reportingTo: sink)
    }
  }

  @Test func `a body keeps its room until its answer is made`() throws {
    let (folder, box) = (ScratchFolder(), GatedBox())
    let server = try RESTServer(
      Engine(stateDirectory: folder.path), box: box, at: .unix(path: folder.path.appending("s").string),
      configuration: configuration { $0.bodies = 1000 })
    defer { server.stop() }
    let body = #"{"command":"x","args":["\#(String(repeating: "w", count: 800))"]}"#
    func send(_ path: String, _ body: String) throws -> RawConnection {
      let connection = try RawConnection(to: server.address)
      connection.request("POST", path, body: body, headers: ["Connection: close"])
      return connection
    }
    #expect(try send("/v1/boxes", #"{"image":"x","name":"b"}"#).answer()?.status == 201)
    let first = try send("/v1/boxes/b/exec", body)
    box.entered.wait()
    #expect(try send("/v1/boxes/b/exec", body).answer()?.status == 429)
    box.gate.open()
    #expect(first.answer()?.status == 201)
    #expect(try send("/v1/boxes/b/exec", body).answer()?.status == 201)
  }
}
