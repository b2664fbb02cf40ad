import Boxes
import CExecShims
import ExecEngine
import ExecModel
import Glibc
import Journal
import NIOCore
import SystemPackage
import TestSupport
import Testing

@testable import BoxLiteServer

/// Whom a server answers by the kernel's word: on loopback and at Unix sockets, without a key and with a token.
@Suite struct PeerTests {
  /// A sandbox that shows everything, the sockets too.
  private static let sandbox = ["bwrap", "--bind", "/", "/", "--dev", "/dev", "--proc", "/proc"]

  private func opened(_ fixture: ServerFixture, private isPrivate: Bool = false) throws -> ListenAddress {
    let server = try #require(isPrivate ? fixture.owner : fixture.server)
    if case .unix(let path) = server.address {
      chmod(fixture.folder.path.string, 0o755)
      chmod(path, 0o666)
    }
    return server.address
  }

  private func token(_ fixture: ServerFixture) throws -> String {
    try #require(InstanceToken.read(beside: fixture.folder.path.appending("p")))
  }

  @Test(.enabled(if: geteuid() == 0), arguments: [true, false])
  func `another user of the machine is refused without a key`(onNetwork: Bool) throws {
    let fixture = try ServerFixture(onNetwork: onNetwork)
    let address = try opened(fixture)
    let (status, body) = try ClientProcess(user: 65_534).get(at: address)
    #expect(status == "403" && body.contains("not user 65534"), "\(status) \(body)")
    #expect(try ClientProcess().get(at: address).status == "200")
  }

  @Test(.enabled(if: geteuid() == 0)) func `another user is let in with the key, or when everybody is`() throws {
    var configuration = ServerConfiguration()
    configuration.key = "secret"
    let fixture = try ServerFixture(configuration, onNetwork: true)
    let address = try opened(fixture)
    #expect(try ClientProcess(user: 65_534, token: "secret").get(at: address).status == "200")
    #expect(try ClientProcess(user: 65_534).get(at: address).status == "401")
    #expect(try ClientProcess(user: 0).get(at: address).status == "401")
    var open = ServerConfiguration()
    open.answersEverybody = true
    let everybody = try ServerFixture(open, onNetwork: true)
    #expect(try ClientProcess(user: 65_534).get(at: opened(everybody)).status == "200")
  }

  @Test(.enabled(if: geteuid() == 0)) func `one that hangs up at once is not taken for root`() throws {
    let fixture = try ServerFixture(onNetwork: true)
    let box = try fixture.box()
    guard case .network(_, let port) = try opened(fixture) else { throw ServerFixture.Missing() }
    let code = """
      import os, socket, sys
      os.setgroups([])
      os.setuid(65534)
      body = b'{"command":"true"}'
      head = f"POST /v1/boxes/{sys.argv[2]}/exec HTTP/1.1\\r\\nHost: localhost\\r\\nContent-Length: {len(body)}\\r\\n\\r\\n"
      for _ in range(500):
          client = socket.socket(socket.AF_INET)
          client.connect(("127.0.0.1", int(sys.argv[1])))
          client.sendall(head.encode() + body)
          client.close()
      print("sent")
      """
    #expect(try ClientProcess.output(["/usr/bin/python3", "-c", code, "\(port)", box]) == "sent\n")
    // Accepted after all of them, as the kernel hands connections over in order.
    #expect(try fixture.ask("GET", "/v1/me").status == 200)
    #expect(fixture.engine.snapshots().isEmpty)
  }

  @Test func `the user of a connection over IPv6 is found out too`() throws {
    let fixture = try ServerFixture(address: .network(host: "::1", port: 0))
    let address = try opened(fixture)
    #expect(try ClientProcess().get(at: address).status == "200")
    if geteuid() == 0 { #expect(try ClientProcess(user: 65_534).get(at: address).status == "403") }
  }

  @Test(.enabled(if: geteuid() == 0))
  func `another user is refused at the private socket, with its token too`() throws {
    let fixture = try ServerFixture(isPublic: false, isPrivate: true)
    let address = try opened(fixture, private: true)
    let token = try token(fixture)
    #expect(try ClientProcess(user: 65_534, token: token).get(at: address).status == "403")
    #expect(try ClientProcess(token: token).get(at: address).status == "200")
  }

  @Test func `without the token the private socket says which one it wants`() throws {
    let fixture = try ServerFixture(isPublic: false, isPrivate: true)
    let address = try opened(fixture, private: true)
    for wrong in [nil, "x", String(try token(fixture).dropLast())] {
      let (status, body) = try ClientProcess(token: wrong).get(at: address)
      #expect(status == "401" && body.contains("p.token"), "\(status) \(body)")
    }
  }

  @Test(arguments: [[], ["--unshare-pid"], ["--unshare-user"]])
  func `a command in a sandbox is refused, though it reaches socket and token`(more: [String]) throws {
    let fixture = try ServerFixture(isPublic: true, isPrivate: true)
    let client = ClientProcess(prefix: Self.sandbox + more, token: try token(fixture))
    let (status, body) = try client.get(at: opened(fixture, private: true))
    #expect(status == "403" && body.contains("is in another namespace"), "\(status) \(body)")
    // The public socket without a key is no way around.
    #expect(try client.get(at: opened(fixture)).status == "403")
  }

  @Test(arguments: [(["env"], true), (sandbox, false)])
  func `a process that hides its namespaces is told apart by its mounts`(prefix: [String], isOurs: Bool) throws {
    let fixture = try ServerFixture(isPublic: false)
    let id = try fixture.engine.start(
      ExecutionSpec(command: prefix + ["sh", "-c", "echo $$; exec cat"], input: .pipe), in: LocalBox())
    #expect(try fixture.wait(id) { $0.bytes.stdout > 0 })
    var collector = StreamCollector(.stdout)
    let subscription = try fixture.engine.attach(id)
    for event in try subscription.poll() { try collector.take(event, subscription.journal) }
    let process = try #require(Int32(String(decoding: collector.bytes, as: UTF8.self).dropLast()))
    #expect((PeerPlace.publicDifference(process) == nil) == isOurs)
    try fixture.engine.closeInput(id)
    _ = try fixture.end(id)
  }

  @Test func `socket and token are the user's own, and go with the server`() throws {
    let fixture = try ServerFixture(isPublic: false, isPrivate: true)
    let names = ["p", "p.token"].map { fixture.folder.path.appending($0).string }
    var status = stat()
    for name in names { #expect(lstat(name, &status) == 0 && status.st_mode & 0o777 == 0o600, "\(name)") }
    fixture.owner?.stopListening()
    for name in names { #expect(lstat(name, &status) == -1) }
  }

  @Test func `a socket is its owner's alone before it listens`() throws {
    let folder = ScratchFolder()
    let path = folder.path.appending("born").string
    let descriptor = cexec_bind_private(path)
    defer { close(descriptor) }
    var status = stat()
    #expect(descriptor >= 0 && lstat(path, &status) == 0 && status.st_mode & 0o777 == 0o600)
    // It does not listen yet.
    #expect(throws: (any Error).self) { _ = try RawConnection(to: .unix(path: path)) }
  }
}
