import ExecEngine
import ExecModel
import Glibc
import HostBoxes
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

  @Test(.enabled(if: geteuid() == 0)) func `another user is accepted with the key, or when everyone is accepted`()
    throws
  {
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

  @Test(.enabled(if: geteuid() == 0)) func `a client that disconnects at once is not taken for root`() throws {
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

  @Test func `without the token the private socket names the file with it`() throws {
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
    #expect(status == "403" && body.contains("namespace (it is in a sandbox or a container)"), "\(status) \(body)")
    // The public socket without a key is no way around.
    #expect(try client.get(at: opened(fixture)).status == "403")
  }

  @Test(arguments: [(["env"], true), (sandbox, false)])
  func `a process that hides its namespaces is recognized by its mounts`(prefix: [String], isOurs: Bool) throws {
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

  @Test func `an IPv4 client of a socket for both families counts by its own address`() throws {
    let prefix = [UInt8](repeating: 0, count: 10) + [255, 255]
    let network: [UInt8] = [0x20, 1, 0xD, 0xB8] + [UInt8](repeating: 0, count: 11)
    #expect(Connections.origin(of: prefix + [192, 0, 2, 1]) == Connections.origin(of: [192, 0, 2, 1]))
    #expect(Connections.origin(of: prefix + [192, 0, 2, 1]) != Connections.origin(of: prefix + [192, 0, 2, 2]))
    #expect(Connections.origin(of: network + [1]) == Connections.origin(of: network + [2]))
  }

  @Test func `a second private server at the same path takes nothing from the first`() throws {
    let fixture = try ServerFixture(isPublic: false, isPrivate: true)
    let before = try token(fixture)
    let path = fixture.folder.path.appending("p").string
    let error = #expect(throws: ServerError.self) {
      _ = try RESTServer(private: fixture.engine, as: .monitor, at: path)
    }
    #expect(error?.description.contains("another server already listens there") == true)
    #expect(try token(fixture) == before)
    #expect(try fixture.ask("GET", "/v1/me", private: true).status == 200)
  }

  @Test func `a server leaves the token of the one that took its path`() throws {
    let fixture = try ServerFixture(isPublic: false, isPrivate: true)
    let path = fixture.folder.path.appending("p").string
    unlink(path)
    let second = try RESTServer(private: fixture.engine, as: .monitor, at: path)
    let its = try token(fixture)
    fixture.owner?.stopListening()
    #expect(try token(fixture) == its)
    second.stop()
    var status = stat()
    for name in ["p", "p.token"] { #expect(lstat(fixture.folder.path.appending(name).string, &status) == -1) }
  }

  @Test func `a file with a secret is there whole or not at all`() throws {
    let folder = ScratchFolder()
    let path = folder.path.appending("key")
    try PrivateFile.create(path, with: Array("one".utf8))
    #expect(throws: Errno.fileExists) { try PrivateFile.create(path, with: Array("two".utf8)) }
    var status = stat()
    #expect(lstat(path.string, &status) == 0 && status.st_mode & 0o777 == 0o600 && status.st_size == 3)
    try PrivateFile.replace(path, with: Array("three".utf8))
    #expect(lstat(path.string, &status) == 0 && status.st_mode & 0o777 == 0o600 && status.st_size == 5)
    mkdir(folder.path.appending("taken").string, 0o700)
    #expect(throws: Errno.self) { try PrivateFile.replace(folder.path.appending("taken"), with: [1]) }
    #expect(lstat("\(path).\(getpid()).new", &status) == -1)
    #expect(lstat("\(folder.path)/taken.\(getpid()).new", &status) == -1)
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
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    defer { close(descriptor) }
    try SocketFile.makePrivate(descriptor)
    let bound = RawConnection.bind(descriptor, to: path)
    var status = stat()
    #expect(bound == 0 && lstat(path, &status) == 0 && status.st_mode & 0o777 == 0o600)
    // It does not listen yet.
    #expect(throws: (any Error).self) { _ = try RawConnection(to: .unix(path: path)) }
  }
}
