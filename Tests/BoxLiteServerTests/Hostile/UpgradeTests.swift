import BoxLiteServer
import Testing

/// Upgrades that are none; a refusal must not keep the place of the one who may write.
@Suite struct UpgradeTests {
  private let fixture: ServerFixture
  private let path: String

  init() throws {
    fixture = try ServerFixture()
    path = try fixture.execute("cat")
  }

  private static let good = [
    "Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
  ]

  private func status(by method: String = "GET", _ target: String, _ headers: [String]) throws -> Int? {
    let connection = try fixture.connect()
    connection.request(method, target, headers: headers)
    return connection.answer(bodyless: method == "HEAD")?.status
  }

  private func expectFree() throws {
    let client = try fixture.attach(path + "/attach")
    client.frame(0x81, Array(#"{"type":"stdin_eof"}"#.utf8))
    #expect(client.session().texts == [#"{"type":"exit","exit_code":0}"#])
  }

  @Test(arguments: 0..<4) func `an upgrade that lacks a header is refused`(missing: Int) throws {
    var headers = Self.good
    headers.remove(at: missing)
    let status = try status(path + "/attach", headers)
    #expect(status == 400, "\(status ?? 0)")
    try expectFree()
  }

  @Test(arguments: ["8", "14", "-1", "x", "13, 8"]) func `another version is refused`(version: String) throws {
    var headers = Self.good
    headers[2] = "Sec-WebSocket-Version: \(version)"
    #expect(try status(path + "/attach", headers) == 400)
    try expectFree()
  }

  @Test(arguments: ["POST", "HEAD", "PUT", "DELETE"]) func `only GET upgrades`(method: String) throws {
    #expect(try status(by: method, path + "/attach", Self.good) == 405)
    try expectFree()
  }

  @Test func `a browser's page may not attach`() throws {
    #expect(try status(path + "/attach", Self.good + ["Origin: http://evil.example"]) == 403)
    try expectFree()
  }

  @Test func `a request that is no attach is answered as if it had not asked for an upgrade`() throws {
    #expect(try status(path, Self.good) == 200)
    #expect(try status("/v1/boxes/none/executions/none/attach", Self.good) == 404)
    #expect(try status("/v1/config", Self.good) == 200)
  }

  @Test func `two keys or another protocol are refused`() throws {
    #expect(try status(path + "/attach", Self.good + ["Sec-WebSocket-Key: eA=="]) == 400)
    var headers = Self.good
    headers[1] = "Upgrade: h2c"
    #expect(try status(path + "/attach", headers) == 400)
    try expectFree()
  }

  @Test(arguments: ["Content-Length: 5", "Transfer-Encoding: chunked"])
  func `an upgrade whose body never comes is refused at once, and takes no claim`(header: String) throws {
    let connection = try fixture.connect()
    connection.request("GET", path + "/attach", headers: Self.good + [header])
    try expectFree()
    let answer = try #require(connection.answer())
    #expect(answer.status == 400 && answer.body.contains("cannot have a body"))
  }

  @Test func `an upgrade that says it has no body is taken`() throws {
    #expect(try status(path + "/attach", Self.good + ["Content-Length: 0"]) == 101)
  }

  @Test func `a client that disconnects during the upgrade leaves no claim`() throws {
    for _ in 0..<50 {
      let connection = try fixture.connect()
      connection.upgrade(path + "/attach?stdin=1")
      connection.reset()
    }
    while try status(path + "/attach", Self.good) == 409 {}
  }

  @Test func `the key is asked for before anything else`() throws {
    var configuration = ServerConfiguration()
    configuration.key = "right"
    let fixture = try ServerFixture(configuration)
    for header in ["X: y", "Authorization: Bearer wrong", "Authorization: right", "Authorization: Bearer right"] {
      let connection = try fixture.connect()
      connection.upgrade("/v1/boxes/b/executions/e/attach", headers: [header])
      #expect(connection.answer()?.status == (header.hasSuffix("Bearer right") ? 404 : 401), "\(header)")
    }
  }
}
