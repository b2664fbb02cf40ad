import ExecModel
import JSON
import NIOCore

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
