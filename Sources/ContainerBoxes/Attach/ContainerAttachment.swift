public import ExecEngine
public import ExecModel
import NIOCore

/// A container's main process, from the first line of its log, then live, to its exit code.
public struct ContainerAttachment: Box {
  /// `docker:CONTAINER` or `podman:CONTAINER`.
  public let name: String
  /// What it can: be signalled, be resized when it has a terminal; it goes on without boxwatch.
  public let capabilities: BoxCapabilities
  /// The execution to start in this box: the container's own command, and its terminal.
  public let spec: ExecutionSpec

  private let client: EngineClient
  private let container: ContainerInspection

  /// Asks the engine about a container.
  ///
  /// - Throws: ``BoxError`` when there is no such container, or it was never started.
  public init(_ engine: EngineAccess, container name: String) throws(BoxError) {
    self.name = engine.kind.rawValue + ":" + name
    client = try engine.client()
    do throws(EngineAPIError) { container = try client.call(client.inspectContainer(name)) } catch {
      throw BoxError(.box, error.description)
    }
    guard container.hasStarted else {
      throw BoxError(.box, "the container '\(name)' was never started: start it, and attach then")
    }
    capabilities = container.hasTerminal ? [.signals, .resize, .outlives] : [.signals, .outlives]
    spec = ExecutionSpec(
      command: container.command.isEmpty ? [name] : container.command, name: self.name,
      terminal: container.hasTerminal ? TerminalSize() : nil)
  }

  /// Follows the container's log; the given spec is not looked at.
  ///
  /// - Throws: ``BoxError`` when the log cannot be read, with the engine's words.
  public func start(
    _ spec: ExecutionSpec, reportingTo sink: any ExecutionSink
  ) throws(BoxError) -> any BoxProcess {
    let (client, container) = (client, container)
    let facts: EngineFacts
    do throws(EngineAPIError) { facts = try client.call(client.asked()) } catch {
      throw BoxError(.box, error.description)
    }
    let session = try SessionStart.wait(on: client.loop) {
      let session = LogSession(client, container, sink: sink)
      session.start(facts)
      return (session, session.begun.futureResult)
    }
    return AttachedProcess(session, client, container)
  }
}
