import BoxLiteServer
import BoxLiteWire
import JSON
import Testing

/// Requests that are too large, too slow, or no requests.
@Suite struct RequestTests {
  private func answer(_ fixture: ServerFixture, _ text: String) throws -> (status: Int, body: String)? {
    let connection = try fixture.connect()
    connection.send(text)
    return connection.answer()
  }

  @Test func `headers beyond the limit are refused with a message`() throws {
    let fixture = try ServerFixture()
    for field in ["X: \(String(repeating: "y", count: 200_000))\r\n", String(repeating: "A: b\r\n", count: 40_000)] {
      let answer = try answer(fixture, "GET /v1/config HTTP/1.1\r\nHost: x\r\n\(field)\r\n")
      #expect(answer?.status == 431 && answer?.body.contains("too large") == true)
    }
  }

  @Test(arguments: [
    "GET /v1/config HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
    "POST /v1/boxes HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{}",
    "POST /v1/boxes HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}",
    "POST /v1/boxes HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
    "GET /v1/\u{0}config HTTP/1.1\r\nHost: x\r\n\r\n", "GET /v1/config\r\n\r\n", "\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}",
    "GET /v1/config HTTP/1.1\r\nHo st: x\r\n\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
  ]) func `an invalid request is answered with 400`(text: String) throws {
    let fixture = try ServerFixture()
    let connection = try fixture.connect()
    connection.send(text)
    connection.finish()
    #expect(try #require(connection.answer()).status == 400)
    #expect(try fixture.ask("GET", "/v1/config").status == 200)
  }

  @Test func `a browser's page may ask a server without a key for nothing`() throws {
    let fixture = try ServerFixture()
    let page = "Host: x\r\nOrigin: http://evil.example\r\nContent-Length: 2\r\n\r\n{}"
    #expect(try answer(fixture, "POST /v1/boxes HTTP/1.1\r\n" + page)?.status == 403)
    #expect(try fixture.ask("GET", "/v1/boxes").body == #"{"boxes":[]}"#)
    var configuration = ServerConfiguration()
    configuration.key = "k"
    let guarded = try ServerFixture(configuration)
    // With the key it was sent by a client that has it.
    let answer = try answer(guarded, "POST /v1/boxes HTTP/1.1\r\nAuthorization: Bearer k\r\n" + page)
    #expect(answer?.status == 201)
  }

  @Test func `a page whose name leads here may not read from a server without a key`() throws {
    let fixture = try ServerFixture(onNetwork: true)
    for host in ["evil.example", "evil.example:8100", "192.168.1.5"] {
      let answer = try answer(fixture, "GET /v1/boxes HTTP/1.1\r\nHost: \(host)\r\n\r\n")
      #expect(answer?.status == 403 && answer?.body.contains("permission_denied") == true, "\(host)")
    }
    #expect(try answer(fixture, "GET /v1/boxes HTTP/1.1\r\n\r\n")?.status == 403)
    #expect(try answer(fixture, "GET /v1/boxes HTTP/1.1\r\nHost: localhost:1\r\n\r\n")?.status == 200)
  }

  @Test func `Expect: 100-continue is answered, or refused at once`() throws {
    var configuration = ServerConfiguration()
    configuration.limits.body = 1000
    configuration.key = "k"
    let fixture = try ServerFixture(configuration)
    let head = "POST /v1/boxes HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n"
    let patient = try fixture.connect()
    patient.send(head + "Authorization: Bearer k\r\nContent-Length: 13\r\n\r\n")
    #expect(patient.answer(bodyless: true)?.status == 100)
    patient.send(#"{"image":"x"}"#)
    #expect(patient.answer()?.status == 201)
    #expect(try answer(fixture, head + "Content-Length: 13\r\n\r\n")?.status == 401)
    #expect(try answer(fixture, head + "Authorization: Bearer k\r\nContent-Length: 1001\r\n\r\n")?.status == 413)
  }

  @Test func `an invalid request has an error code of its own`() throws {
    let fixture = try ServerFixture()
    for text in ["hello\r\n\r\n", "GET / HTTP/1.1\r\nX: \(String(repeating: "y", count: 200_000))\r\n\r\n"] {
      let body = try #require(try answer(fixture, text)).body
      guard case .object(let error)? = ServerFixture.field("error", body) else { throw ServerFixture.Missing() }
      guard case .string(let id)? = error.last(where: { $0.name == "request_id" })?.value else {
        throw ServerFixture.Missing()
      }
      #expect(!id.isEmpty)
    }
  }

  @Test func `the error for a missing command does not name the searched folders`() throws {
    let fixture = try ServerFixture()
    let box = try fixture.box()
    for (command, words) in [("no-such-program", "was not found"), ("/etc/hosts", "cannot be executed")] {
      let answer = try fixture.ask("POST", "/v1/boxes/\(box)/exec", body: #"{"command":"\#(command)"}"#)
      #expect(answer.status == 422 && answer.body.contains("the command '\(command)' \(words)"), "\(answer.body)")
      #expect(!answer.body.contains("PATH") && !answer.body.contains("/bin"))
    }
  }

  @Test func `a variable that cannot be set is refused with its field, of a box and of a command`() throws {
    let fixture = try ServerFixture()
    let box = try fixture.box()
    for name in ["", "A=B", #"A\u0000"#] {
      let variables = #""env":{"\#(name)":"x"}"#
      let created = try fixture.ask("POST", "/v1/boxes", body: #"{"image":"x",\#(variables)}"#)
      let started = try fixture.ask("POST", "/v1/boxes/\(box)/exec", body: #"{"command":"true",\#(variables)}"#)
      for answer in [created, started] {
        #expect(answer.status == 400 && answer.body.contains("field 'env'"), "\(name): \(answer)")
      }
    }
  }

  @Test func `two hundred thousand labels are read as quickly as they came`() throws {
    var configuration = ServerConfiguration()
    configuration.limits.body = 8 << 20
    configuration.limits.box = 64 << 20
    let fixture = try ServerFixture(configuration)
    let labels = (0..<200_000).map { #""label\#($0)":"x""# }.joined(separator: ",")
    // Ten seconds are the test's patience for an answer; squared, the names would take hours.
    #expect(try fixture.ask("POST", "/v1/boxes", body: #"{"image":"x","labels":{\#(labels)}}"#).status == 201)
  }

  @Test func `a body beyond the limit is refused, announced or not`() throws {
    var configuration = ServerConfiguration()
    configuration.limits.body = 1000
    let fixture = try ServerFixture(configuration)
    let large = String(repeating: "x", count: 1001)
    #expect(try fixture.ask("POST", "/v1/boxes", body: large).status == 413)
    let chunks = String(repeating: "1\r\nx\r\n", count: 1001) + "0\r\n\r\n"
    let answer = try answer(
      fixture, "POST /v1/boxes HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks)
    #expect(answer?.status == 413 && answer?.body.contains("1000 bytes") == true)
  }

  @Test(arguments: ["GET /v1/config HTTP/1.1\r\nX: ", "POST /v1/boxes HTTP/1.1\r\nContent-Length: 1000000\r\n\r\n"])
  func `a request that takes too long is disconnected, however steadily it arrives`(start: String) throws {
    var configuration = ServerConfiguration()
    configuration.times.request = .milliseconds(300)
    let fixture = try ServerFixture(configuration)
    let slow = try fixture.connect()
    slow.send(start)
    var sent = 0
    // Each byte waits for an answer that does not come: the server's hanging up ends it.
    while sent < 2000, slow.send("y"), !slow.isOver {
      sent += 1
      slow.fill(milliseconds: 10)
    }
    #expect(slow.isOver && sent < 2000)
    #expect(try fixture.ask("GET", "/v1/config").status == 200)
  }

  @Test func `a client that sends requests and reads nothing is not answered without end`() throws {
    var configuration = ServerConfiguration()
    configuration.times.request = .milliseconds(500)
    let fixture = try ServerFixture(configuration)
    for _ in 0..<40 { _ = try fixture.ask("POST", "/v1/boxes", body: #"{"image":"x"}"#) }
    let greedy = try fixture.connect()
    greedy.makeNonblocking()
    let request = "GET /v1/boxes HTTP/1.1\r\nHost: x\r\n\r\n"
    var asked = 0
    // About 8 kB for each; stops when the server takes no more.
    while asked < 20_000, greedy.waitForRoom(milliseconds: 200), greedy.send(request) { asked += 1 }
    #expect(asked < 20_000)
    #expect(try fixture.ask("GET", "/v1/config").status == 200)
  }

  @Test(arguments: [
    "..", ".", "%2e%2e", "%2e", "", "%00", "%2f", "..%2f..%2fetc", "\u{e9}", "%c3%a9", "%ff%fe", "a%20b", "all", "*",
    "-", "boxes", String(repeating: "a", count: 10_000), String(repeating: "../", count: 1000),
  ]) func `tricks in identifiers reach nothing`(trick: String) throws {
    let fixture = try ServerFixture()
    let path = try fixture.execute("sleep 60")
    let parts = path.split(separator: "/").map(String.init)
    let targets = [
      "/v1/boxes/\(trick)/executions/\(parts[4])", "/v1/boxes/\(parts[2])/executions/\(trick)",
      "/v1/boxes/\(parts[2])/executions/\(trick)/\(parts[4])", "/v1/boxes/\(parts[2])/executions/\(parts[4])/\(trick)x",
      "/v1/boxes/\(trick)",
    ]
    for target in targets where target != "/v1/boxes/" && !target.hasSuffix("/executions/") {
      for method in ["GET", "DELETE"] {
        let status = try fixture.ask(method, target).status
        #expect((400..<500).contains(status), "\(method) \(target.prefix(200)): \(status)")
      }
    }
    #expect(ServerFixture.field("status", try fixture.ask("GET", path).body) == .string("running"))
  }
}
