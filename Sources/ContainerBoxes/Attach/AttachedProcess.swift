public import ExecEngine
public import ExecModel
import Glibc
import Logging
import NIOCore
import Synchronization

/// A container's main process, attached to and not started by boxwatch.
final class AttachedProcess: BoxProcess {
  private let session: NIOLoopBound<LogSession>
  private let client: EngineClient
  private let container: ContainerInspection
  private let isOver = Mutex(false)
  /// The main process on this host; nil when the engine is on another host.
  private let process: HostProcess?

  init(_ session: NIOLoopBound<LogSession>, _ client: EngineClient, _ container: ContainerInspection) {
    self.session = session
    self.client = client
    self.container = container
    process = HostProcess(container.processIdentifier, container: container.identifier)
  }

  /// A container's log has no input.
  func write(_ bytes: [UInt8], completion: @escaping @Sendable (InputError?) -> Void) { completion(.closed) }

  func closeInput() {}

  /// Asks the engine to signal the main process, which receives the signal a moment later.
  func signal(_ signal: Signal) throws(SignalError) {
    guard !isOver.withLock({ $0 }) else { throw .ended }
    guard signal.isValid else { throw .system(EINVAL) }
    client.killContainer(container.identifier, signal).whenFailure { [container] error in
      ExecSession.logger.warning(
        "signal not sent", metadata: ["container": "\(container.identifier)", "reason": "\(error)"])
    }
  }

  func resize(_ size: TerminalSize) {
    if container.hasTerminal { _ = client.resizeContainer(container.identifier, size) }
  }

  func emptyStreams(_ streams: StreamSet) { client.loop.execute { [session] in session.value.empty(streams) } }

  func resumeReading(_ stream: ExecStream) { client.loop.execute { [session] in session.value.resume() } }

  func holders(of streams: StreamSet) -> [PipeHolder] { [] }

  func usage() -> ResourceUsage? { process?.usage() }

  func release() {
    isOver.withLock { $0 = true }
    client.loop.execute { [session] in session.value.apply(.released) }
  }
}

/// A container's main process, from the first line of its log, then live, to its exit code.
public struct ContainerAttachment: Box {
  /// `docker:CONTAINER` or `podman:CONTAINER`.
  public let name: String
  /// Signals, and resizing when it has a terminal; it outlives boxwatch.
  public let capabilities: BoxCapabilities = [.signals, .resize, .outlives]

  private let engine: EngineAccess
  private let container: String

  /// Creates the box; the engine is not contacted yet.
  public init(_ engine: EngineAccess, container: String) {
    self.engine = engine
    self.container = container
    name = engine.kind.rawValue + ":" + container
  }

  /// Requests the command from the engine: the container's own command, with a terminal if it has
  /// one.
  ///
  /// - Throws: ``/ExecEngine/BoxError`` when there is no such container, or it was never started.
  public func spec() throws(BoxError) -> ExecutionSpec {
    let found = try look().container
    return ExecutionSpec(
      command: found.command.isEmpty ? [container] : found.command, name: name,
      terminal: found.hasTerminal ? TerminalSize() : nil)
  }

  private func look() throws(BoxError) -> (client: EngineClient, container: ContainerInspection) {
    let client = try engine.client()
    let found: ContainerInspection
    do throws(EngineAPIError) { found = try client.call(client.inspectContainer(container)) } catch {
      throw BoxError(.box, error.description)
    }
    guard found.hasStarted else {
      throw BoxError(.box, "the container '\(container)' was never started: start it before you attach")
    }
    return (client, found)
  }

  /// Reads the container's log; of the given spec only the streams are used, which are those of
  /// ``spec()``.
  ///
  /// - Throws: ``/ExecEngine/BoxError`` with the engine's message when the log cannot be read.
  public func start(
    _ spec: ExecutionSpec, reportingTo sink: any ExecutionSink
  ) throws(BoxError) -> any BoxProcess {
    let (client, container) = try look()
    let facts: EngineFacts
    do throws(EngineAPIError) { facts = try client.call(client.asked()) } catch {
      throw BoxError(.box, error.description)
    }
    let session = try SessionStart.wait(on: client.loop) {
      let session = LogSession(client, container, facts, sink: sink)
      session.start()
      return (session, session.begun.futureResult)
    }
    return AttachedProcess(session, client, container)
  }
}
