import BoxLiteClient
import BoxLiteServer
import BoxLiteWire
import ExecEngine
import ExecModel
import Glibc
import HostBoxes
import JSON
import SystemPackage
import TestSupport
import Testing

/// Our server in front of another one of ours, which runs commands for real.
@Suite struct UpstreamTests {
  /// The server in front.
  private final class Front {
    let folder = ScratchFolder()
    let engine: Engine
    let server: RESTServer

    init(_ back: RESTServer?, key: String? = nil) throws {
      guard case .unix(let path)? = back?.address else { throw ServerFixture.Missing() }
      engine = Engine(stateDirectory: folder.path)
      server = try RESTServer(
        engine, upstream: .unix(path: path), key: key, at: .unix(path: folder.path.appending("s").string))
    }

    deinit { server.stop() }

    func ask(_ method: String, _ path: String, body: String? = nil) throws -> (status: Int, body: String) {
      let connection = try RawConnection(to: server.address)
      connection.request(method, path, body: body, headers: ["Connection: close"])
      return connection.answer(bodyless: method == "HEAD") ?? (0, "")
    }

    func text(_ name: String, _ answer: (status: Int, body: String)) throws -> String {
      guard case .string(let text)? = ServerFixture.field(name, answer.body) else { throw ServerFixture.Missing() }
      return text
    }

    func execute(_ script: String, in box: String) throws -> (path: String, id: ExecutionID) {
      let arguments = JSONValue.array([.string("-c"), .string(script)]).text
      let answer = try ask("POST", "/v1/boxes/\(box)/exec", body: #"{"command":"sh","args":\#(arguments)}"#)
      guard let id = ExecutionID(try text("execution_id", answer)) else { throw ServerFixture.Missing() }
      return ("/v1/boxes/\(box)/executions/\(id)", id)
    }

    func attach(_ path: String) throws -> RawConnection {
      let connection = try RawConnection(to: server.address)
      connection.upgrade(path)
      guard connection.answer()?.status == 101 else { throw ServerFixture.Missing() }
      return connection
    }
  }

  @Test func `boxes are those of the upstream server, with its errors`() throws {
    let back = try ServerFixture()
    let front = try Front(back.server)
    let box = try front.text("box_id", try front.ask("POST", "/v1/boxes", body: #"{"image":"x","name":"one"}"#))
    #expect(try back.ask("GET", "/v1/boxes/one").status == 200)
    #expect(try front.text("box_id", try front.ask("GET", "/v1/boxes/one")) == box)
    #expect(try front.ask("GET", "/v1/boxes").body == back.ask("GET", "/v1/boxes").body)
    let again = try front.ask("POST", "/v1/boxes", body: #"{"image":"x","name":"one"}"#)
    #expect(again.status == 409 && again.body.contains("already_exists"))
    #expect(try front.text("status", try front.ask("POST", "/v1/boxes/one/start")) == "running")
    #expect(try front.ask("DELETE", "/v1/boxes/one").status == 409)
    #expect(try front.text("status", try front.ask("POST", "/v1/boxes/one/stop")) == "stopped")
    #expect(try front.ask("DELETE", "/v1/boxes/one").status == 204)
    #expect(try back.ask("GET", "/v1/boxes/one").status == 404)
    #expect(try front.ask("GET", "/v1/boxes/one").status == 404)
    #expect(try front.ask("POST", "/v1/boxes/\(box)/exec", body: #"{"command":"true"}"#).status == 404)
    for trick in ["..", "%2e%2e", "", "a%20b"] {
      #expect(try front.ask("GET", "/v1/boxes/\(trick)/executions").status >= 400, "\(trick)")
    }
  }

  @Test func `a box that is removed upstream is not found`() throws {
    let back = try ServerFixture()
    let front = try Front(back.server)
    let box = try front.text("box_id", try front.ask("POST", "/v1/boxes", body: #"{"image":"x"}"#))
    #expect(try back.ask("DELETE", "/v1/boxes/\(box)").status == 204)
    #expect(try front.ask("POST", "/v1/boxes/\(box)/exec", body: #"{"command":"true"}"#).status == 404)
  }

  @Test func `commands run upstream, are recorded here, and several clients may watch`() throws {
    let back = try ServerFixture()
    let front = try Front(back.server)
    let box = try front.text("box_id", try front.ask("POST", "/v1/boxes", body: #"{"image":"x"}"#))
    let (path, id) = try front.execute("cat; echo err >&2; exit 7", in: box)
    #expect(back.engine.snapshots().count == 1)
    let writer = try front.attach(path + "/attach")
    let watchers = try (0..<3).map { _ in try front.attach(path + "/attach?stdin=0") }
    writer.frame(0x82, Array("through\n".utf8))
    writer.frame(0x81, Array(#"{"type":"stdin_eof"}"#.utf8))
    for client in [writer] + watchers {
      let seen = client.session()
      #expect(String(decoding: seen.stdout, as: UTF8.self) == "through\n")
      #expect(String(decoding: seen.stderr, as: UTF8.self) == "err\n")
      #expect(seen.texts == [#"{"type":"exit","exit_code":7}"#])
    }
    let snapshot = try front.engine.snapshot(id)
    #expect(snapshot.conclusion?.isWhole == true && snapshot.bytes == PerStream<UInt64>(stdout: 8, stderr: 4))
    #expect(snapshot.box.hasSuffix("/" + box))
  }

  @Test func `the user is requested upstream, and the box's upstream name is kept here`() throws {
    let back = try ServerFixture()
    let front = try Front(back.server)
    let body = #"{"image":"python:slim","name":"one","labels":{"a":"b"}}"#
    let box = try front.text("box_id", try front.ask("POST", "/v1/boxes", body: body))
    let refused = try front.ask("POST", "/v1/boxes/one/exec", body: #"{"command":"id","user":"nobody"}"#)
    #expect(refused.status == 422 && refused.body.contains("field 'user'"), "\(refused)")
    #expect(back.engine.snapshots().isEmpty)
    let (_, id) = try front.execute("true", in: "one")
    let description = ClientBox(id: box, name: "one", image: "python:slim", labels: ["a": "b"])
    #expect(try front.engine.spec(id).clientBox == description)
  }

  @Test func `a failed upstream start says why, and a kill reaches an upstream command`() throws {
    let back = try ServerFixture()
    let front = try Front(back.server)
    let box = try front.text("box_id", try front.ask("POST", "/v1/boxes", body: #"{"image":"x"}"#))
    let failed = try front.ask("POST", "/v1/boxes/\(box)/exec", body: #"{"command":"no-such-program"}"#)
    #expect(failed.status == 422 && failed.body.contains("no-such-program"))
    let (path, _) = try front.execute("echo up; exec sleep 60", in: box)
    let client = try front.attach(path + "/attach")
    while let frame = client.nextFrame(), frame.opcode != 2 {}
    #expect(try front.ask("DELETE", path).status == 204)
    #expect(client.session().texts.last == #"{"type":"exit","exit_code":-9}"#)
    let running = back.engine.snapshots().filter { $0.conclusion == nil }
    for snapshot in running { _ = try back.end(snapshot.id) }
    let statuses = back.engine.snapshots().compactMap(\.conclusion?.outcome.status)
    #expect(statuses.contains(.forceClosed) || statuses.contains(.signalled(9, coreDumped: false)), "\(statuses)")
  }

  @Test func `an unreachable upstream and a wrong key have different messages`() throws {
    var configuration = ServerConfiguration()
    configuration.key = "right"
    let back = try ServerFixture(configuration)
    let wrong = try Front(back.server, key: "wrong").ask("GET", "/v1/boxes")
    #expect(wrong.status == 503 && wrong.body.contains("upstream_unavailable"))
    let front = try Front(back.server, key: "right")
    #expect(try front.ask("GET", "/v1/boxes").body == #"{"boxes":[]}"#)
    back.server?.stop()
    let gone = try front.ask("GET", "/v1/boxes")
    #expect(gone.status == 503 && gone.body.contains("upstream_unavailable"))
  }
}
