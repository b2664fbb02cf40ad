import BoxLiteServer
import BoxLiteWire
import ExecEngine
import ExecModel
import Glibc
import HostBoxes
import JSON
import Journal
import SystemPackage
import TestSupport

/// A server over real processes, at Unix sockets in a folder of its own: one for clients, or a private one, or both.
final class ServerFixture {
  let folder = ScratchFolder()
  let engine: Engine
  let server: RESTServer?
  let owner: RESTServer?

  init(
    _ configuration: ServerConfiguration = .init(), isPublic: Bool = true, isPrivate: Bool = false,
    onNetwork: Bool = false, address: ListenAddress? = nil
  ) throws {
    signal(SIGPIPE, SIG_IGN)
    engine = Engine(stateDirectory: folder.path)
    let address =
      address ?? (onNetwork ? .network(host: "127.0.0.1", port: 0) : .unix(path: folder.path.appending("s").string))
    server = isPublic ? try RESTServer(engine, box: LocalBox(), at: address, configuration: configuration) : nil
    let path = folder.path.appending("p").string
    owner =
      !isPrivate
      ? nil : try RESTServer(private: engine, as: .monitor, at: path, beside: server, configuration: configuration)
  }

  deinit {
    server?.stop()
    owner?.stop()
    for snapshot in engine.snapshots() where snapshot.conclusion == nil {
      let gate = Gate()
      try? engine.wait(snapshot.id) { _ in gate.open() }
      try? engine.signal(snapshot.id, .kill)
      try? engine.forceClose(snapshot.id)
      gate.wait(seconds: 10)
    }
  }

  /// A new connection, to the private socket or the other one.
  func connect(private isPrivate: Bool = false) throws -> RawConnection {
    let server = isPrivate ? owner : self.server
    let token = isPrivate ? InstanceToken.read(beside: folder.path.appending("p")) : nil
    return try RawConnection(to: server?.address ?? .standard, token: token)
  }

  /// One request on a connection of its own.
  func ask(
    _ method: String, _ path: String, body: String? = nil, private isPrivate: Bool = false
  ) throws -> (status: Int, body: String) {
    let connection = try connect(private: isPrivate)
    connection.request(method, path, body: body, headers: ["Connection: close"])
    return connection.answer(bodyless: method == "HEAD") ?? (0, "")
  }

  /// The value of a field in an answer; nil when it is missing.
  static func field(_ name: String, _ body: String) -> JSONValue? {
    guard case .object(let members)? = try? JSONValue(parsing: Array(body.utf8)) else { return nil }
    return members.last { $0.name == name }?.value
  }

  /// A client's box.
  func box() throws -> String {
    let answer = try ask("POST", "/v1/boxes", body: #"{"image":"x"}"#)
    guard case .string(let id)? = Self.field("box_id", answer.body) else { throw Missing() }
    return id
  }

  /// A client's execution: its path.
  func execute(_ script: String) throws -> String {
    let box = try box()
    let arguments = JSONValue.array([.string("-c"), .string(script)]).text
    let answer = try ask("POST", "/v1/boxes/\(box)/exec", body: #"{"command":"sh","args":\#(arguments)}"#)
    guard case .string(let id)? = Self.field("execution_id", answer.body) else { throw Missing() }
    return "/v1/boxes/\(box)/executions/\(id)"
  }

  /// An attached connection, from the answer to its upgrade on.
  func attach(_ path: String, private isPrivate: Bool = false) throws -> RawConnection {
    let connection = try connect(private: isPrivate)
    connection.upgrade(path)
    guard connection.answer()?.status == 101 else { throw Missing() }
    return connection
  }

  /// An execution that the owner started himself: its path at the private socket.
  func start(_ script: String, name: String? = nil, terminal: TerminalSize? = nil) throws -> (ExecutionID, String) {
    let id = try engine.start(
      ExecutionSpec(command: ["sh", "-c", script], name: name, input: .pipe, terminal: terminal), in: LocalBox())
    return (id, "/v1/boxes/all/executions/\(id)")
  }

  /// Waits for an execution's end; nil when it does not come.
  func end(_ id: ExecutionID) throws -> Conclusion? {
    let gate = Gate()
    try engine.wait(id) { _ in gate.open() }
    gate.wait()
    return try engine.snapshot(id).conclusion
  }

  /// Waits, woken by the execution's events, until its snapshot is as wanted; false when it never is.
  func wait(_ id: ExecutionID, _ isThere: (ExecutionSnapshot) -> Bool) throws -> Bool {
    let subscription = try engine.attach(id)
    let wake = WakeUp()
    while true {
      _ = try subscription.poll()
      if isThere(try engine.snapshot(id)) { return true }
      if subscription.hasEnded { return false }
      if subscription.arm({ wake.signal() }), !wake.wait() { return false }
    }
  }

  struct Missing: Error {}
}
