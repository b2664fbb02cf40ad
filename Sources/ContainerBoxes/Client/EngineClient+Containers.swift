import ExecModel
import JSON
import NIOCore
import NIOHTTP1

/// An engine's answer about one container.
struct ContainerInspection: Hashable, Sendable {
  /// The full identifier.
  var identifier: String
  /// The main process's command.
  var command: [String]
  /// Whether the main process has a terminal: one stream, no frames.
  var hasTerminal: Bool
  /// Whether the main process is running.
  var isRunning: Bool
  /// Whether it was ever started.
  var hasStarted: Bool
  /// When it was last started; another time means another run.
  var startedAt: String
  /// The main process's number on the engine's host; 0 when it is not running.
  var processIdentifier: Int32
  /// The last run's exit code.
  var exitCode: Int32
  /// The execs that are running in it.
  var execs: [String]

  init?(_ json: JSONValue) {
    guard let identifier = json["Id"]?.string, let state = json["State"], let isRunning = state["Running"]?.bool else {
      return nil
    }
    self.identifier = identifier
    self.isRunning = isRunning
    let program = json["Path"]?.string.map { [$0] } ?? []
    command = program + (json["Args"]?.array ?? []).compactMap(\.string)
    execs = (json["ExecIDs"]?.array ?? []).compactMap(\.string)
    hasTerminal = json["Config"]?["Tty"]?.bool ?? false
    startedAt = state["StartedAt"]?.string ?? ""
    // Go's zero time.
    hasStarted = isRunning || !startedAt.hasPrefix("0001-")
    processIdentifier = Int32(clamping: state["Pid"]?.integer ?? 0)
    exitCode = Int32(truncatingIfNeeded: state["ExitCode"]?.integer ?? 0)
  }
}

/// One container in an engine's list.
public struct ContainerSummary: Hashable, Sendable {
  /// Its name, without Docker's leading slash.
  public let name: String
  /// The image it was created from.
  public let image: String
  /// The engine's description of its state, such as `Up 3 minutes`.
  public let status: String

  /// Parses one entry of `/containers/json`.
  init?(_ json: JSONValue) {
    guard let name = (json["Names"]?.array ?? []).compactMap(\.string).first ?? json["Id"]?.string else { return nil }
    self.name = name.hasPrefix("/") ? String(name.dropFirst()) : name
    image = json["Image"]?.string ?? ""
    // Podman leaves it empty.
    status = [json["Status"]?.string, json["State"]?.string].compactMap { $0 }.first { !$0.isEmpty } ?? ""
  }
}

// Requests about containers.
extension EngineClient {
  private func path(_ container: String, _ rest: String = "") -> String {
    "/containers/" + EngineRequest.escaped(container) + rest
  }

  /// Requests a container's state.
  func inspectContainer(_ container: String) -> EventLoopFuture<ContainerInspection> {
    send(.get(path(container, "/json"))).flatMapThrowing { [address] reply in
      guard let inspection = reply.json.flatMap(ContainerInspection.init) else {
        throw EngineAPIError.refusal(EngineReply(status: reply.status), address)
      }
      return inspection
    }
  }

  /// The folder in which Podman keeps a container's files, on the engine's host.
  func staticFolder(of container: String, _ facts: EngineFacts) -> EventLoopFuture<String> {
    let major = facts.version.prefix { $0 != "." }
    let request = EngineRequest.get("/v\(major).0.0/libpod" + path(container, "/json"))
    return send(request, isAbsolute: true).flatMapThrowing { [address] reply in
      guard let folder = reply.json?["StaticDir"]?.string, folder.hasPrefix("/") else {
        throw EngineAPIError(.notAnEngine, "the engine at \(address) does not report where it keeps its containers")
      }
      return folder
    }
  }

  /// Signals a container's main process.
  func killContainer(_ container: String, _ signal: Signal) -> EventLoopFuture<Void> {
    send(.post(path(container, "/kill?signal=\(signal.number)"))).map { _ in }
  }

  /// Resizes the main process's terminal.
  func resizeContainer(_ container: String, _ size: TerminalSize) -> EventLoopFuture<Void> {
    var request = EngineRequest.post(path(container, "/resize?h=\(size.rows)&w=\(size.columns)"))
    request.limit = .seconds(2)
    return send(request).map { _ in }
  }

  /// Creates a container without starting it, and returns its identifier.
  func createContainer(_ body: JSONValue) -> EventLoopFuture<String> {
    var request = EngineRequest.post("/containers/create", body)
    request.isRepeatable = false
    request.limit = .seconds(60)
    return send(request).flatMapThrowing { [address] reply in
      guard let id = reply.json?["Id"]?.string, !id.isEmpty else { throw EngineAPIError.refusal(reply, address) }
      return id
    }
  }

  /// Starts its main process.
  func startContainer(_ container: String) -> EventLoopFuture<Void> {
    var request = EngineRequest.post(path(container, "/start"))
    request.limit = .seconds(120)
    return send(request).map { _ in }
  }

  /// Waits for the main process's next exit, and returns its exit code.
  func nextExit(of container: String) -> EventLoopFuture<Int32> {
    var request = EngineRequest.post(path(container, "/wait?condition=next-exit"))
    request.limit = .hours(24 * 365)
    return send(request).flatMapThrowing { [address] reply in
      guard let code = reply.json?["StatusCode"]?.integer else { throw EngineAPIError.refusal(reply, address) }
      return Int32(truncatingIfNeeded: code)
    }
  }

  /// Kills and removes a container; errors are ignored.
  func removeContainer(_ container: String) {
    _ = send(EngineRequest(method: .DELETE, path: path(container, "?force=1&v=1"), limit: .seconds(60)))
  }
}
