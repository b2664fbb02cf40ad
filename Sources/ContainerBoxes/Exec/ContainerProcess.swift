import ExecEngine
import ExecModel
import Glibc
import NIOCore
import Synchronization

/// A command that runs in a container, as the engine drives it.
final class ContainerProcess: BoxProcess {
  private let session: NIOLoopBound<ExecSession>
  private let loop: any EventLoop
  private let shared: ExecShared
  private let route: SignalRoute

  init(_ session: NIOLoopBound<ExecSession>, on loop: any EventLoop, _ shared: ExecShared, _ route: SignalRoute) {
    self.session = session
    self.loop = loop
    self.shared = shared
    self.route = route
  }

  func write(_ bytes: [UInt8], completion: @escaping @Sendable (InputError?) -> Void) {
    loop.execute { [session] in
      guard let input = session.value.input else { return completion(.closed) }
      session.value.sizes.after { input.write(bytes, completion: completion) }
    }
  }

  func closeInput() {
    loop.execute { [session] in
      let session = session.value
      session.sizes.after { session.input?.close() }
    }
  }

  func signal(_ signal: Signal) throws(SignalError) {
    guard !shared.isOver.withLock({ $0 }) else { throw .ended }
    guard signal.isValid else { throw .system(EINVAL) }
    if signal == .kill { loop.execute { [session] in session.value.exitIsDue() } }
    try route.send(signal, to: shared.process)
  }

  func resize(_ size: TerminalSize) {
    loop.execute { [session] in
      if session.value.plan.hasTerminal { session.value.resize(size) }
    }
  }

  func emptyStreams(_ streams: StreamSet) { loop.execute { [session] in session.value.empty(streams) } }

  func resumeReading(_ stream: ExecStream) { loop.execute { [session] in session.value.stream.resume() } }

  func holders(of streams: StreamSet) -> [PipeHolder] {
    guard !shared.isOver.withLock({ $0 }) else { return [] }
    return shared.process?.holders(of: streams) ?? []
  }

  func usage() -> ResourceUsage? { shared.process?.usage() }

  func release() {
    shared.isOver.withLock { $0 = true }
    loop.execute { [session] in session.value.close() }
  }
}
