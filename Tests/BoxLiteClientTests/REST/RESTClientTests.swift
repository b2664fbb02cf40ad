import BoxLiteWire
import ExecModel
import Glibc
import NIOHTTP1
import Synchronization
import TestSupport
import Testing

@testable import BoxLiteClient

@Suite struct RESTClientTests {
  private func failure(_ body: () throws(ClientError) -> Void) -> ClientError? {
    do throws(ClientError) {
      try body()
      return nil
    } catch {
      return error
    }
  }

  @Test(arguments: [
    (#"{"error":{"message":"no box","type":"NotFoundError","code":"not_found"}}"#, "no box", "not_found"),
    (#"{"error":{"message":"old form","code":404}}"#, "old form", nil),
    (#"{"message":"flat","code":"gone"}"#, "flat", "gone"), ("nothing here", "nothing here", nil),
    ("", "HTTP 404", nil),
    ("two\nlines\u{1B}[2J", "two lines [2J", nil),
  ])
  func `an error is one line, whatever form it has`(body: String, words: String, code: String?) throws {
    let server = try FakeServer()
    defer { server.stop() }
    server.answer("/v1/boxes/x", 404, body)
    let client = RESTClient(server.endpoint, key: nil)
    let error = failure { () throws(ClientError) in _ = try client.box("x") }
    #expect(error?.status == 404 && error?.code == code)
    #expect(error?.description == "\(server.endpoint): \(words)")
  }

  @Test func `replies are read, and an invalid reply is reported`() throws {
    let server = try FakeServer()
    defer { server.stop() }
    let client = RESTClient(server.endpoint, key: "sesame")
    let box =
      #"{"box_id":"b1","status":"odd","created_at":"","updated_at":"","image":"i","cpus":2,"memory_mib":9,"new":1}"#
    server.answer("/v1/boxes", 200, #"{"boxes":[\#(box)]}"#)
    #expect(try client.boxes().map(\.status) == [.unknown])
    server.answer("/v1/boxes/b/executions", 200, #"[{"execution_id":"e","status":"killed","exit_code":-9}]"#)
    #expect(try client.executions("b").first?.exitCode == -9)
    server.answer("/v1/me", 200, #"{"principal":"p","pid":7,"kind":"serve"}"#)
    #expect(try client.me() == MeReply(principal: "p", processIdentifier: 7, kind: "serve"))
    for body in ["[]", "{", #"{"box_id":5}"#, "<html>"] {
      server.answer("/v1/boxes/b", 200, body)
      #expect(failure { () throws(ClientError) in _ = try client.box("b") }?.cause == .nonsense, "\(body)")
    }
    let heads = server.state.value.withLock { $0.heads }
    #expect(heads.allSatisfy { $0.headers["authorization"] == ["Bearer sesame"] })
  }

  @Test func `a missing or wrong key is asked for by the place where it is set`() throws {
    let server = try FakeServer()
    defer { server.stop() }
    server.answer("/v1/me", 401, "")
    func words(_ client: RESTClient) -> String? {
      failure { () throws(ClientError) in _ = try client.me() }?.description
    }
    let endpoint = server.endpoint
    #expect(words(RESTClient(endpoint, key: nil)) == "\(endpoint) requires a key: set it in $BOXLITE_API_KEY")
    #expect(
      words(RESTClient(endpoint, key: nil, keyPlace: "$ANOTHER")) == "\(endpoint) requires a key: set it in $ANOTHER")
    #expect(
      words(RESTClient(endpoint, key: "x", keyPlace: "$ANOTHER"))
        == "\(endpoint) rejects the key: check it, and $ANOTHER")
  }

  @Test func `an answer that is too large is not read`() throws {
    let server = try FakeServer()
    defer { server.stop() }
    server.answer("/v1/huge", 200, String(repeating: "x", count: RESTClient.largestAnswer + 1))
    let client = RESTClient(server.endpoint, key: nil)
    #expect(failure { () throws(ClientError) in _ = try client.get("/v1/huge") }?.cause == .nonsense)
  }

  @Test func `a missing server, a missing answer and missing TLS have different messages`() throws {
    let server = try FakeServer()
    let endpoint = server.endpoint
    guard case .network(let host, let port, _) = endpoint else {
      Issue.record("the server is not on the network")
      return
    }
    let secure = RESTClient(.network(host: host, port: port, tls: true), key: nil)
    let insecure = failure { () throws(ClientError) in _ = try secure.config() }
    #expect(
      insecure?.cause == .insecure && insecure?.description.contains("not use TLS") == true,
      "\(insecure?.description ?? "")")
    server.stop()
    let client = RESTClient(endpoint, key: nil)
    let error = failure { () throws(ClientError) in _ = try client.config() }
    #expect(error?.cause == .unreachable && error?.description == "no server listens at \(endpoint)")
    let socket = Endpoint.unix(path: "/nowhere/at/all.sock")
    let missing = failure { () throws(ClientError) in _ = try RESTClient(socket, key: nil).config() }
    #expect(missing?.description == "no server listens at unix:/nowhere/at/all.sock")
  }

  @Test func `a server that accepts and does not answer is given up in time`() throws {
    let listener = try SilentListener()
    let client = RESTClient(
      .network(host: "127.0.0.1", port: listener.port, tls: false), key: nil, patience: .milliseconds(200))
    #expect(failure { () throws(ClientError) in _ = try client.config() }?.cause == .timedOut)
  }

  @Test func `everything goes over a Unix socket too`() throws {
    let folder = ScratchFolder()
    let server = try FakeServer(unix: "\(folder.path)/a b.sock") { request, server, id in
      server.write(id, request.arguments.joined(separator: ","))
      server.end(id)
    }
    defer { server.stop() }
    let record = try Watched().run("echo", "one", "two", in: BoxLiteBox(server))
    #expect(record.text == "one,two" && record.conclusion?.isWhole == true)
  }

  @Test func `a name is one piece of the path, whatever it holds`() {
    #expect(RESTClient.path(box: "a/../b?c=é") == "/v1/boxes/a%2F..%2Fb%3Fc%3D%C3%A9")
    #expect(RESTClient.path(box: "a-b_c.d~", execution: "e") == "/v1/boxes/a-b_c.d~/executions/e")
  }
}
