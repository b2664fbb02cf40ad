import ExecModel
import JSON
import NIOCore

/// An engine's answer about one exec.
struct ExecInspection: Hashable, Sendable {
  /// Whether it is running, as far as the engine knows.
  var isRunning: Bool
  /// The exit code; valid only when it is not running.
  var exitCode: Int32?
  /// The process's number on the engine's host; 0 before the start, and on Podman after the end.
  var processIdentifier: Int32
  /// The full identifier of its container.
  var container: String
  /// Its command.
  var command: [String]
  /// Whether it has a terminal: one stream.
  var hasTerminal: Bool

  /// Whether it ever ran: an exec that was created and not started has neither number nor code.
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

// Requests about execs.
extension EngineClient {
  /// Creates an exec without starting it, and returns its identifier.
  func createExec(_ container: String, _ body: JSONValue) -> EventLoopFuture<String> {
    send(.post("/containers/\(EngineRequest.escaped(container))/exec", body)).flatMapThrowing { [address] reply in
      guard let id = reply.json?["Id"]?.string, !id.isEmpty else { throw EngineAPIError.refusal(reply, address) }
      OwnExecs.insert(id)
      return id
    }
  }

  /// Requests an exec's state.
  func inspectExec(_ id: String) -> EventLoopFuture<ExecInspection> {
    send(.get("/exec/\(id)/json")).flatMapThrowing { [address] reply in
      guard let inspection = reply.json.flatMap(ExecInspection.init) else {
        throw EngineAPIError.refusal(EngineReply(status: reply.status), address)
      }
      return inspection
    }
  }

  /// Resizes an exec's terminal.
  func resizeExec(_ id: String, _ size: TerminalSize) -> EventLoopFuture<Void> {
    var request = EngineRequest.post("/exec/\(id)/resize?h=\(size.rows)&w=\(size.columns)")
    request.limit = .seconds(2)
    return send(request).map { _ in }
  }

  /// Starts a short command in a container and ignores its result.
  func runUnseen(_ container: String, _ command: [String]) -> EventLoopFuture<Void> {
    let body = JSONValue.object(["Cmd": .array(command.map(JSONValue.string))])
    return createExec(container, body).flatMap { [self] id in
      send(.post("/exec/\(id)/start", .object(["Detach": .bool(true)]))).map { _ in }
    }
  }
}

extension EngineClient {
  /// Sends a request on a separate connection whose answer becomes a stream; on the client's loop.
  ///
  /// - Parameter sent: called when the request was sent, which is before an engine that waits for an event answers.
  /// - Returns: completes when the stream begins, or fails.
  func open(
    _ stream: FrameStream, _ request: EngineRequest, sent: @escaping () -> Void = {}
  ) -> EventLoopFuture<Void>.Isolated {
    let opened = loop.makePromise(of: Void.self)
    let bound = NIOLoopBound(stream, eventLoop: loop)
    let address = address
    connector.connect(reads: false) { channel in
      try EngineConnector.addStream(bound.value, to: channel, address, opened: opened)
    }.assumeIsolated().whenComplete { result in
      switch result {
      case .success(let channel) where stream.isClosed: channel.close(promise: nil)
      case .success(let channel):
        request.send(to: channel, host: "engine")
        sent()
      case .failure(let error): opened.fail(EngineAPIError(error, at: address))
      }
    }
    return opened.futureResult.assumeIsolated()
  }
}
