public import ExecEngine
public import ExecModel
import NIOCore

/// A command that another client started in a container (`docker exec`, `podman exec`), watched to
/// its exit code.
///
/// Podman's output can be read from the moment of the attach on; Docker's reaches only the client
/// that started the command.
public struct ExecAttachment: Box {
  /// `docker:CONTAINER` or `podman:CONTAINER`.
  public let name: String
  /// `docker:CONTAINER/EXEC`, with the exec's identifier cut to twelve digits.
  public let place: String
  /// Signals where the engine runs on this host; the command outlives boxwatch.
  public let capabilities: BoxCapabilities = [.signals, .holders, .usage, .outlives]

  /// Why its output cannot be read, in one line; nil where it can.
  public var hiddenOutput: String? { engine.kind == .docker ? OutputGap.unreachable.words : nil }

  private let engine: EngineAccess
  private let container: String
  /// The exec's identifier, or a prefix of it.
  public let exec: String

  /// Creates the box; the engine is not contacted yet.
  ///
  /// - Parameters:
  ///   - engine: the engine that runs the container.
  ///   - container: its name or identifier.
  ///   - exec: the exec's identifier, or a prefix of it.
  public init(_ engine: EngineAccess, container: String, exec: String) {
    self.engine = engine
    self.container = container
    self.exec = exec
    name = engine.kind.rawValue + ":" + container
    place = name + "/" + exec.prefix(12)
  }

  /// Requests the exec's command from the engine, with a terminal if it has one.
  ///
  /// - Throws: ``/ExecEngine/BoxError`` when there is no such exec; Podman forgets one that is over.
  public func spec() throws(BoxError) -> ExecutionSpec {
    let found = try look().exec
    return ExecutionSpec(
      command: found.command.isEmpty ? [exec] : found.command, terminal: found.hasTerminal ? TerminalSize() : nil)
  }

  private func look() throws(BoxError) -> (client: EngineClient, identifier: String, exec: ExecInspection) {
    let client = try engine.client()
    do throws(EngineAPIError) {
      let identifier = try whole(client)
      return (client, identifier, try client.call(client.inspectExec(identifier)))
    } catch {
      throw BoxError(.box, error.description)
    }
  }

  /// Engines accept full identifiers only.
  private func whole(_ client: EngineClient) throws(EngineAPIError) -> String {
    guard exec.utf8.count < 64 else { return exec }
    let found = try client.call(client.inspectContainer(container)).execs.filter { $0.hasPrefix(exec) }
    guard let first = found.first, found.count == 1 else {
      let problem = found.isEmpty ? "no command with the identifier" : "several commands whose identifiers begin with"
      throw EngineAPIError(.refused(404), "in the container '\(container)' runs \(problem) '\(exec)'")
    }
    return first
  }

  /// Watches the exec; the given spec is ignored.
  ///
  /// - Throws: ``/ExecEngine/BoxError`` with the engine's message when it cannot be watched.
  public func start(
    _ spec: ExecutionSpec, reportingTo sink: any ExecutionSink
  ) throws(BoxError) -> any BoxProcess {
    let (client, identifier, exec) = try look()
    let facts: EngineFacts
    do throws(EngineAPIError) { facts = try client.call(client.asked()) } catch {
      throw BoxError(.box, error.description)
    }
    let other = OtherExec(client: client, identifier: identifier, inspection: exec)
    switch facts.kind {
    case .docker: return SeenExec(other, missing: .unreachable, sink)
    case .podman:
      if exec.isRunning, let socket = try? ConmonSocket(client, facts, other) {
        return try ConmonExec(other, socket, sink)
      }
      // It ended just now, or Podman's files are not accessible to this user or not on this host.
      return SeenExec(other, missing: exec.isRunning && !other.isOver ? .unreachable : .joinedLate, sink)
    }
  }
}
