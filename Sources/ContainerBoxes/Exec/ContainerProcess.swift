import ExecEngine
import ExecModel
import Glibc
import Logging
import NIOCore
import Synchronization

/// A command in a container, as the engine drives it.
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
    if signal == .kill { loop.execute { [session] in session.value.apply(.killed) } }
    try route.send(signal, to: shared.process)
  }

  func resize(_ size: TerminalSize) {
    loop.execute { [session] in
      if session.value.plan.hasTerminal { session.value.resize(size) }
    }
  }

  func emptyStreams(_ streams: StreamSet) { loop.execute { [session] in session.value.empty(streams) } }

  func resumeReading(_ stream: ExecStream) { loop.execute { [session] in session.value.resume() } }

  func holders(of streams: StreamSet) -> [PipeHolder] {
    guard !shared.isOver.withLock({ $0 }) else { return [] }
    return shared.process?.holders(of: streams) ?? []
  }

  func usage() -> ResourceUsage? { shared.process?.usage() }

  func release() {
    shared.isOver.withLock { $0 = true }
    loop.execute { [session] in session.value.apply(.released) }
  }
}

/// How a signal is delivered to a command in a container; engines have no call for it.
///
/// On the engine's own host kill(2) reaches the command's process group. Where this user lacks the
/// permission, or the engine is elsewhere, a second exec sends it from inside the container, which
/// needs `sh` and `kill` there.
struct SignalRoute: Sendable {
  let client: EngineClient
  let container: String
  /// The variable that marks the command's processes; nil when they are identified by number.
  let mark: EnvironmentVariable?

  /// - Throws: ``/ExecEngine/SignalError``, as far as the failure is known at once.
  func send(_ signal: Signal, to process: HostProcess?) throws(SignalError) {
    guard let process else { return try sendMarked(signal) }
    switch process.signal(signal.number) {
    case 0: return
    case ESRCH: throw .ended
    case EPERM: sendWithin(signal, process.innerIdentifier)
    case let number: throw .system(number)
    }
  }

  private func sendWithin(_ signal: Signal, _ number: Int32) {
    let script = "kill -\(signal.number) -- -\(number) 2>/dev/null || kill -\(signal.number) \(number)"
    run(["sh", "-c", script])
  }

  /// Signals all processes with the mark in their environment: the command and its descendants.
  private func sendMarked(_ signal: Signal) throws(SignalError) {
    guard let mark else { throw .unsupported }
    let script = """
      for d in /proc/[0-9]*; do
        tr '\\0' '\\n' <"$d/environ" 2>/dev/null | grep -qxF "$1" && kill -\(signal.number) "${d#/proc/}"
      done
      """
    run(["sh", "-c", script, "sh", mark.name + "=" + mark.value])
  }

  private func run(_ command: [String]) {
    client.runUnseen(container, command).whenFailure { [container] error in
      ExecSession.logger.warning("signal not sent", metadata: ["container": "\(container)", "reason": "\(error)"])
    }
  }
}
