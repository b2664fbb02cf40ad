import ExecModel
import JSON
import NIOCore

/// What an engine says of one exec.
struct ExecInspection: Hashable, Sendable {
  /// Whether it runs, as far as the engine has heard.
  var isRunning: Bool
  /// The exit code; only right when it does not run.
  var exitCode: Int32?
  /// The process's number on the engine's host; 0 before the start, and on Podman after the end.
  var processIdentifier: Int32
  /// The whole identifier of its container.
  var container: String
  /// Its words.
  var command: [String]
  /// Whether it has a terminal: one stream.
  var hasTerminal: Bool

  /// Whether it ran at all: one that was made and not started has neither number nor code.
  var hasStarted: Bool { isRunning || exitCode != nil || processIdentifier > 0 }

  init?(_ json: JSONValue) {
    guard let isRunning = json["Running"]?.bool else { return nil }
    self.isRunning = isRunning
    exitCode = json["ExitCode"]?.integer.map { Int32(truncatingIfNeeded: $0) }
    processIdentifier = Int32(clamping: json["Pid"]?.integer ?? 0)
    container = json["ContainerID"]?.string ?? ""
    let process = json["ProcessConfig"]
    let program = process?["entrypoint"]?.string.map { [$0] } ?? []
    command = program + (process?["arguments"]?.array ?? []).compactMap(\.string)
    hasTerminal = process?["tty"]?.bool ?? false
  }
}

// What is asked about execs.
extension EngineClient {
  /// Makes an exec, which does not run yet; its identifier.
  func createExec(_ container: String, _ body: JSONValue) -> EventLoopFuture<String> {
    send(.post("/containers/\(EngineRequest.escaped(container))/exec", body)).flatMapThrowing { [address] reply in
      guard let id = reply.json?["Id"]?.string, !id.isEmpty else { throw EngineAPIError.refusal(reply, address) }
      OwnExecs.insert(id)
      return id
    }
  }

  /// Asks for an exec's state.
  func inspectExec(_ id: String) -> EventLoopFuture<ExecInspection> {
    send(.get("/exec/\(id)/json")).flatMapThrowing { [address] reply in
      guard let inspection = reply.json.flatMap(ExecInspection.init) else {
        throw EngineAPIError.refusal(EngineReply(status: reply.status), address)
      }
      return inspection
    }
  }

  /// Tells an exec's terminal its size.
  func resizeExec(_ id: String, _ size: TerminalSize) -> EventLoopFuture<Void> {
    var request = EngineRequest.post("/exec/\(id)/resize?h=\(size.rows)&w=\(size.columns)")
    request.limit = .seconds(2)
    return send(request).map { _ in }
  }

  /// Starts a short command in a container and does not look at what comes of it.
  func runUnseen(_ container: String, _ command: [String]) -> EventLoopFuture<Void> {
    let body = JSONValue.object(["Cmd": .array(command.map(JSONValue.string))])
    return createExec(container, body).flatMap { [self] id in
      send(.post("/exec/\(id)/start", .object(["Detach": .bool(true)]))).map { _ in }
    }
  }
}

extension EngineClient {
  /// Opens a connection of its own whose answer becomes a stream; on the client's loop.
  ///
  /// - Parameter send: sends the request on the connection, which is the caller's from then on.
  /// - Returns: when the stream begins, or why it will not.
  func open(
    _ stream: FrameStream, _ send: @escaping (any Channel) -> Void
  ) -> EventLoopFuture<Void>.Isolated {
    let opened = loop.makePromise(of: Void.self)
    let bound = NIOLoopBound(stream, eventLoop: loop)
    let address = address
    connector.connect(reads: false) { channel in
      try EngineConnector.addStream(bound.value, to: channel, address, opened: opened)
    }.assumeIsolated().whenComplete { result in
      switch result {
      case .success(let channel): send(channel)
      case .failure(let error): opened.fail(EngineAPIError(error, at: address))
      }
    }
    return opened.futureResult.assumeIsolated()
  }
}
