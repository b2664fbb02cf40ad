import BoxLiteWire
import ExecModel
import Synchronization
import TestSupport
import Testing

@testable import BoxLiteClient

/// The same over TLS.
@Suite struct SecureTests {
  private func server() throws -> FakeServer {
    try FakeServer(isSecure: true) { request, server, id in
      for word in request.arguments { server.write(id, word + "\n") }
      server.end(id)
    }
  }

  private func client(_ server: FakeServer, host: String = "127.0.0.1") throws -> RESTClient {
    guard case .network(_, let port, _) = server.endpoint else { throw ClientError(.nonsense, "no port") }
    return RESTClient(
      .network(host: host, port: port, tls: true), key: "sesame", patience: .seconds(20),
      tls: try TestCertificate.trusting())
  }

  @Test(arguments: ["127.0.0.1", "localhost"])
  func `commands run and are watched, by number and by name`(host: String) throws {
    let server = try server()
    defer { server.stop() }
    let client = try client(server, host: host)
    let box = BoxLiteBox(target: BoxLiteTarget(endpoint: client.endpoint, box: "b"), client: client, nil, .quick)
    let record = try Watched().run("echo", "one", "two", in: box)
    #expect(record.text == "one\ntwo\n" && record.conclusion?.isWhole == true)
  }

  @Test(arguments: Fault.Cut.allCases, [0, 4, 1000])
  func `a cut loses nothing here either`(cut: Fault.Cut, after: Int) throws {
    let server = try server()
    defer { server.stop() }
    let client = try client(server)
    let box = BoxLiteBox(target: BoxLiteTarget(endpoint: client.endpoint, box: "b"), client: client, nil, .quick)
    let watched = Watched()
    for _ in 0..<20 {
      server.plan(.cut(after: after, cut))
      let record = try watched.run("echo", "one", "two", in: box)
      #expect(record.text == "one\ntwo\n" && record.conclusion?.isWhole == true && record.gaps.isEmpty)
    }
  }

  @Test func `an untrusted certificate is refused before the key is sent`() throws {
    let server = try server()
    defer { server.stop() }
    let record = try Watched().run("echo", in: BoxLiteBox(server, key: "sesame"))
    #expect(record.status == .startFailed(.box))
    #expect(record.startError?.contains("certificate is not trusted") == true, "\(record.startError ?? "")")
    #expect(server.state.value.withLock { $0.heads.isEmpty })
  }
}
