import BoxLiteServer
import BoxLiteWire
import ExecEngine
import ExecModel
import Glibc
import HostBoxes
import JSON
import Journal
import Synchronization
import SystemPackage
import TestSupport
import Testing

@Suite struct PrivateSocketTests {
  private func words(_ body: String, _ names: [String]) -> [JSONValue?] { names.map { ServerFixture.field($0, body) } }

  @Test func `it says who it is`() throws {
    let fixture = try ServerFixture(isPrivate: true)
    let (status, body) = try fixture.ask("GET", "/v1/me", private: true)
    #expect(status == 200)
    #expect(
      words(body, ["principal", "pid", "kind", "executions_directory", "address"]) == [
        .string("boxwatch"), .integer(Int64(getpid())), .string("monitor"),
        .string("\(fixture.engine.executionsDirectory)"), .string(fixture.server?.address.description ?? ""),
      ])
  }

  @Test func `without a server there is no address`() throws {
    let fixture = try ServerFixture(isPublic: false, isPrivate: true)
    #expect(ServerFixture.field("address", try fixture.ask("GET", "/v1/me", private: true).body) == nil)
  }

  @Test func `one box shows executions that no client started`() throws {
    let fixture = try ServerFixture(isPublic: false, isPrivate: true)
    let (id, path) = try fixture.start("printf 12345; printf 678 >&2; exit 3", name: "mine")
    _ = try fixture.end(id)
    let (_, body) = try fixture.ask("GET", path, private: true)
    let names = [
      "execution_id", "status", "exit_code", "name", "box", "state", "stdout_bytes", "stderr_bytes", "attached",
    ]
    #expect(
      words(body, names) == [
        .string(id.description), .string("completed"), .integer(3), .string("mine"), .string("local"), .string("done"),
        .integer(5), .integer(3), .bool(false),
      ])
    #expect(try fixture.ask("GET", "/v1/boxes/all/executions", private: true).body == "[\(body)]")
    #expect(try fixture.ask("HEAD", "/v1/boxes/all", private: true).status == 204)
    #expect(try fixture.ask("GET", "/v1/boxes/other/executions", private: true).status == 404)
    #expect(try fixture.ask("GET", "/v1/boxes/all/executions/none", private: true).status == 404)
  }

  @Test func `it starts nothing`() throws {
    let fixture = try ServerFixture(isPublic: false, isPrivate: true)
    let exec = #"{"command":"true"}"#
    for (method, path) in [
      ("POST", "/v1/boxes"), ("DELETE", "/v1/boxes/all"), ("POST", "/v1/boxes/all/exec"),
      ("POST", "/v1/boxes/all/stop"),
    ] {
      let (status, body) = try fixture.ask(method, path, body: exec, private: true)
      #expect(status == 405 && body.contains("does not start any"), "\(method) \(path): \(body)")
    }
    #expect(fixture.engine.snapshots().isEmpty)
  }

  @Test func `its own user attaches, writes and resizes`() throws {
    let fixture = try ServerFixture(isPublic: false, isPrivate: true)
    let (id, path) = try fixture.start("read size; stty size; cat", terminal: TerminalSize())
    #expect(try fixture.ask("POST", path + "/resize", body: #"{"rows":7,"cols":33}"#, private: true).status == 204)
    let client = try fixture.attach(path + "/attach", private: true)
    client.frame(0x82, Array("go\n".utf8))
    client.frame(0x82, Array("word\n".utf8))
    client.frame(0x81, Array(#"{"type":"stdin_eof"}"#.utf8))
    let seen = client.session()
    #expect(String(decoding: seen.stdout, as: UTF8.self).contains("7 33\r\n"))
    #expect(seen.texts == [#"{"type":"exit","exit_code":0}"#])
    _ = try fixture.end(id)
  }

  @Test func `an offset beyond the end means that no output is wanted`() throws {
    let fixture = try ServerFixture(isPublic: false, isPrivate: true)
    let (_, path) = try fixture.start("echo before; cat")
    let far = "/attach?from_stdout=\(UInt64.max)&from_stderr=\(UInt64.max)"
    let client = try fixture.attach(path + far, private: true)
    client.frame(0x82, Array("after\n".utf8))
    client.frame(0x81, Array(#"{"type":"stdin_eof"}"#.utf8))
    let seen = client.session()
    #expect(seen.stdout.isEmpty && seen.texts == [#"{"type":"exit","exit_code":0}"#])
  }

  @Test(arguments: [9, 19, 40]) func `any signal may be sent`(number: Int32) throws {
    let fixture = try ServerFixture(isPublic: false, isPrivate: true)
    let (id, path) = try fixture.start("exec sleep 60")
    #expect(try fixture.ask("POST", path + "/signal", body: #"{"signal":\#(number)}"#, private: true).status == 204)
    #expect(try fixture.ask("POST", path + "/signal", body: #"{"signal":65}"#, private: true).status == 400)
    let client = try fixture.attach(path + "/attach", private: true)
    client.frame(0x81, Array(#"{"type":"signal","sig":9}"#.utf8))
    #expect(client.session().texts.last == #"{"type":"exit","exit_code":\#(number == 40 ? -40 : -9)}"#)
    _ = try fixture.end(id)
  }

  @Test func `deleting a draining execution releases its streams and kills their holders`() throws {
    let fixture = try ServerFixture(isPublic: false, isPrivate: true)
    let fifo = fixture.folder.path.appending("fifo").string
    mkfifo(fifo, 0o600)
    let reader = open(fifo, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    defer { close(reader) }
    let (id, path) = try fixture.start("exec 9>\(fifo); sleep 60 & echo hi")
    #expect(try fixture.wait(id) { if case .draining = $0.state { $0.bytes.stdout == 3 } else { false } })
    #expect(ServerFixture.field("state", try fixture.ask("GET", path, private: true).body) == .string("draining"))
    #expect(try fixture.ask("DELETE", path, private: true).status == 204)
    let end = try fixture.end(id)
    #expect(end?.outcome.status == .exited(0) && end?.bytes.stdout == 3)
    // The holder's end of the queue closes when it dies.
    var entry = pollfd(fd: reader, events: Int16(POLLIN), revents: 0)
    #expect(poll(&entry, 1, 30_000) == 1 && entry.revents & Int16(POLLHUP) != 0)
  }

  @Test func `of both sockets together one client writes`() throws {
    let fixture = try ServerFixture(isPrivate: true)
    let path = try fixture.execute("cat")
    let inside = "/v1/boxes/all/executions/" + (path.split(separator: "/").last ?? "")
    let first = try fixture.attach(path + "/attach")
    #expect(try refusal(fixture, inside, private: true) == 409)
    #expect(try fixture.attach(inside + "/attach?stdin=0", private: true).nextFrame() != nil)
    first.frame(0x88)
    _ = first.session()
    // The server hears of the end of a connection in its own time.
    while try refusal(fixture, inside, private: true) == 409 {}
    let second = try fixture.attach(inside + "/attach", private: true)
    #expect(try refusal(fixture, path, private: false) == 409)
    second.frame(0x81, Array(#"{"type":"stdin_eof"}"#.utf8))
    #expect(second.session().texts.last == #"{"type":"exit","exit_code":0}"#)
  }

  /// The status of a refused upgrade; 101 when it was not, and the connection is gone again then.
  private func refusal(_ fixture: ServerFixture, _ path: String, private isPrivate: Bool) throws -> Int? {
    let connection = try fixture.connect(private: isPrivate)
    connection.upgrade(path + "/attach")
    guard let status = connection.answer()?.status else { return nil }
    if status == 101 {
      connection.frame(0x88)
      _ = connection.session()
      _ = connection.readToEnd()
    }
    return status
  }

  @Test func `what clients may see of an execution is not what the owner sees`() throws {
    let fixture = try ServerFixture(isPrivate: true)
    let (id, _) = try fixture.start("cat")
    let box = try fixture.box()
    #expect(try fixture.ask("GET", "/v1/boxes/\(box)/executions/\(id)").status == 404)
    #expect(try fixture.ask("GET", "/v1/boxes/all/executions/\(id)").status == 404)
    #expect(try fixture.ask("GET", "/v1/boxes/\(box)/executions").body == "[]")
    // Also after the owner has asked for it.
    #expect(try fixture.ask("GET", "/v1/boxes/all/executions/\(id)", private: true).status == 200)
    let attached = try fixture.attach("/v1/boxes/all/executions/\(id)/attach", private: true)
    #expect(try fixture.ask("GET", "/v1/boxes/\(box)/executions/\(id)").status == 404)
    #expect(try fixture.ask("GET", "/v1/boxes//executions/\(id)").status == 404)
    attached.reset()
  }

  @Test func `clients are counted, and an observer is notified`() throws {
    let fixture = try ServerFixture(isPrivate: true)
    let server = try #require(fixture.server)
    let wake = WakeUp()
    server.watchClients { wake.signal() }
    let path = try fixture.execute("cat")
    let one = try fixture.attach(path + "/attach")
    let two = try fixture.attach(path + "/attach?stdin=0")
    #expect(server.clients == 2 && fixture.owner?.clients == 2)
    one.reset()
    two.reset()
    while server.clients > 0 { #expect(wake.wait()) }
  }

  @Test func `the socket is the user's own, and goes with the server`() throws {
    let fixture = try ServerFixture(isPublic: false, isPrivate: true)
    guard case .unix(let path)? = fixture.owner?.address else { throw ServerFixture.Missing() }
    var status = stat()
    #expect(stat(path, &status) == 0 && status.st_mode & 0o777 == 0o600)
    fixture.owner?.stopListening()
    #expect(stat(path, &status) == -1)
  }
}
