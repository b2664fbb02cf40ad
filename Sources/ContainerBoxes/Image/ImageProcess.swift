import ExecEngine
import ExecModel
import Glibc
import Logging
import NIOCore
import Synchronization

/// A throw-away container's main process, as the engine drives it.
final class ImageProcess: BoxProcess {
  private let session: NIOLoopBound<ImageSession>
  private let client: EngineClient
  private let container: String
  private let shared: ExecShared

  init(_ session: NIOLoopBound<ImageSession>, _ client: EngineClient, container: String, _ shared: ExecShared) {
    self.session = session
    self.client = client
    self.container = container
    self.shared = shared
  }

  func write(_ bytes: [UInt8], completion: @escaping @Sendable (InputError?) -> Void) {
    client.loop.execute { [session] in
      guard let input = session.value.input else { return completion(.closed) }
      session.value.sizes.after { input.write(bytes, completion: completion) }
    }
  }

  func closeInput() {
    client.loop.execute { [session] in
      let session = session.value
      session.sizes.after { session.input?.close() }
    }
  }

  /// Asks the engine to send it to the main process, which gets it a moment later.
  ///
  /// A main process is number 1 in its container, which the kernel lets ignore all but KILL and what it handles
  /// (pid_namespaces(7)).
  func signal(_ signal: Signal) throws(SignalError) {
    guard !shared.isOver.withLock({ $0 }) else { throw .ended }
    guard signal.isValid else { throw .system(EINVAL) }
    client.killContainer(container, signal).whenFailure { [container] error in
      ExecSession.logger.warning("signal not sent", metadata: ["container": "\(container)", "reason": "\(error)"])
    }
  }

  func resize(_ size: TerminalSize) { client.loop.execute { [session] in session.value.resize(size) } }

  func emptyStreams(_ streams: StreamSet) { client.loop.execute { [session] in session.value.empty(streams) } }

  func resumeReading(_ stream: ExecStream) { client.loop.execute { [session] in session.value.resume() } }

  func holders(of streams: StreamSet) -> [PipeHolder] { shared.process?.holders(of: streams) ?? [] }

  func usage() -> ResourceUsage? { shared.process?.usage() }

  func release() {
    client.loop.execute { [session] in session.value.end() }
  }
}
