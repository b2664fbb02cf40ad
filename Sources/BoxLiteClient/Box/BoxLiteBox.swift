import BoxLiteWire
public import ExecEngine
public import ExecModel
import Logging
import Synchronization

/// A box on a BoxLite server: commands are started through its API, and followed over an attach
/// connection.
public struct BoxLiteBox: Box {
  /// The address, `boxlite://HOST:PORT/BOX`, or its configured name.
  public let name: String
  /// The capabilities of a server's command; the holders of its streams cannot be listed.
  ///
  /// Running as another user is requested from the server, which refuses where it cannot.
  public let capabilities: BoxCapabilities = [.terminal, .input, .signals, .resize, .user, .reattach]
  /// Commands are the server's processes.
  public var isElsewhere: Bool { true }
  /// The box and its server.
  public let target: BoxLiteTarget

  private let client: RESTClient
  private let options: BoxLiteOptions
  private let server = ServerAbilities()

  /// Creates a box; nothing is sent yet.
  ///
  /// - Parameters:
  ///   - target: the server and the box on it.
  ///   - key: the key of the server; nil for none.
  ///   - name: the name that selects it; its address when nil.
  ///   - options: the timeouts and buffers of a connection.
  public init(target: BoxLiteTarget, key: String?, name: String? = nil, options: BoxLiteOptions = .init()) {
    let box = BoxLiteTarget(endpoint: target.endpoint, box: target.box)
    self.init(target: box, client: RESTClient(target.endpoint, key: key, options), name, options)
  }

  init(target: BoxLiteTarget, client: RESTClient, _ name: String? = nil, _ options: BoxLiteOptions = .init()) {
    (self.target, self.client, self.options) = (target, client, options)
    self.name = name ?? target.description
  }

  /// Starts the command on the server, then attaches to it.
  ///
  /// - Throws: ``/ExecEngine/BoxError`` with the server's message when it did not start.
  public func start(
    _ spec: ExecutionSpec, reportingTo sink: any ExecutionSink
  ) throws(BoxError) -> any BoxProcess {
    let body = try Self.body(spec)
    var input: Int32?
    if case .file(let path) = spec.input { input = try FileFeed.open(path) }
    let session: AttachSession
    do throws(ClientError) {
      session = try start(spec, body, sink)
    } catch {
      if let input { FileFeed.drop(input) }
      throw BoxError(error, from: target)
    }
    sink.started(processIdentifier: nil)
    session.begin()
    return Self.feed(BoxLiteProcess(session: session), spec, input)
  }

  private func start(
    _ spec: ExecutionSpec, _ body: ExecBody, _ sink: any ExecutionSink
  ) throws(ClientError) -> AttachSession {
    let hasOffsets = try server.ask(client).attachesAtOffsets
    let execution = try client.exec(target.box, body)
    return try AttachSession(
      AttachSession.Setup(
        client: client, box: target.box, execution: execution, streams: spec.streams, allowsInput: true, isOurs: true,
        hasOffsets: hasOffsets, options: options), sink: sink)
  }

  private static func feed(_ process: BoxLiteProcess, _ spec: ExecutionSpec, _ input: Int32?) -> BoxLiteProcess {
    if let input {
      FileFeed(input, to: process).go()
    } else if spec.input == .closed, spec.terminal == nil {
      process.closeInput()
    }
    if let size = spec.terminal { process.resize(size) }
    return process
  }

  private static func body(_ spec: ExecutionSpec) throws(BoxError) -> ExecBody {
    guard let command = spec.command.first, !command.isEmpty else {
      throw BoxError(.badName, "the command is empty: name a program")
    }
    let environment = spec.environment.map { ($0.name, $0.value) }
    guard
      !(spec.command + environment.flatMap { [$0, $1] } + [spec.user ?? ""]).contains(where: { $0.utf8.contains(0) })
    else {
      throw BoxError(.badName, "a command, its arguments, its variables and its user cannot contain a NUL byte")
    }
    return ExecBody(
      command: command, arguments: Array(spec.command.dropFirst()), environment: environment,
      workingDirectory: spec.workingDirectory, terminal: spec.terminal != nil, user: spec.user)
  }
}

/// A server's abilities, requested once.
final class ServerAbilities: Sendable {
  private let known = Mutex<ConfigReply?>(nil)

  /// Requests the abilities, or returns the cached answer; a server without such an answer has only
  /// the abilities that every server has.
  ///
  /// - Throws: ``ClientError`` when the server cannot be reached.
  func ask(_ client: RESTClient) throws(ClientError) -> ConfigReply {
    if let reply = known.withLock({ $0 }) { return reply }
    let reply = try fetch(client)
    known.withLock { $0 = reply }
    return reply
  }

  private func fetch(_ client: RESTClient) throws(ClientError) -> ConfigReply {
    do throws(ClientError) { return try client.config() } catch {
      guard error.isPassing || error.cause == .insecure else { return ConfigReply() }
      throw error
    }
  }
}
