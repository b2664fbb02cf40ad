import ExecEngine
import ExecModel
import Glibc
import Logging
import NIOCore
import Synchronization

/// A container's main process that boxwatch looks at, and has not started.
final class AttachedProcess: BoxProcess {
  private let session: NIOLoopBound<LogSession>
  private let client: EngineClient
  private let container: ContainerInspection
  private let isOver = Mutex(false)
  /// The main process on this host; nil when the engine's host is another.
  private let process: HostProcess?

  init(_ session: NIOLoopBound<LogSession>, _ client: EngineClient, _ container: ContainerInspection) {
    self.session = session
    self.client = client
    self.container = container
    process = HostProcess(container.processIdentifier, container: container.identifier)
  }

  /// A container's log has no way back to its input.
  func write(_ bytes: [UInt8], completion: @escaping @Sendable (InputError?) -> Void) { completion(.closed) }

  func closeInput() {}

  /// Asks the engine to send it to the main process, which gets it a moment later.
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
    client.loop.execute { [session] in session.value.close() }
  }
}
