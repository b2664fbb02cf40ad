import BoxLiteServer
import ExecEngine
import Glibc
import Synchronization
import SystemPackage

/// Our own private socket: what other terminals steer our executions by.
///
/// It is opened on a thread of its own, and never a reason not to run: without it only the steering from elsewhere is gone.
final class InstanceSocket: Sendable {
  private struct State {
    var server: RESTServer?
    var isOver = false
  }

  private let state = Mutex(State())
  private let wake: WakeDescriptor?

  private init() { wake = try? WakeDescriptor() }

  /// Opens it `delay` milliseconds from now, unless it is stopped before: who is so quick needs no socket.
  ///
  /// - Parameters:
  ///   - server: our server for clients; of everybody who is attached to an execution, here or there, one may write.
  ///   - tell: told why it could not be opened, on another thread.
  static func start(
    _ kind: InstanceKind, _ engine: Engine, beside server: RESTServer? = nil, after delay: Int32 = 0,
    in directory: InstanceDirectory = InstanceDirectory(),
    tell: @escaping @Sendable (String) -> Void = { Diagnostics.print($0) }
  ) -> InstanceSocket {
    let socket = InstanceSocket()
    let failure = EngineThread.start(name: "boxwatch-socket") {
      if delay > 0, socket.wake?.wait(milliseconds: delay) == true { return }
      socket.open(kind, engine, beside: server, in: directory, tell)
    }
    if let failure { tell(refusal(Failure.noThread(failure))) }
    return socket
  }

  /// Opens it before anything else goes on.
  static func open(_ kind: InstanceKind, _ engine: Engine) -> InstanceSocket {
    let socket = InstanceSocket()
    socket.open(kind, engine, beside: nil, in: InstanceDirectory()) { Diagnostics.print($0) }
    return socket
  }

  private func open(
    _ kind: InstanceKind, _ engine: Engine, beside server: RESTServer?, in directory: InstanceDirectory,
    _ tell: @escaping @Sendable (String) -> Void
  ) {
    // Under the lock: whoever stops us waits until there is a socket to remove.
    let failure = state.withLock { state -> String? in
      if state.isOver { return nil }
      do {
        state.server = try Self.listen(kind, engine, server, directory, tell)
        return nil
      } catch { return "\(error)" }
    }
    if let failure { tell(Self.refusal(failure)) }
  }

  private static func refusal(_ reason: String) -> String { "other terminals cannot steer what runs here: \(reason)" }

  private static func listen(
    _ kind: InstanceKind, _ engine: Engine, _ server: RESTServer?, _ directory: InstanceDirectory,
    _ tell: @escaping @Sendable (String) -> Void
  ) throws -> RESTServer {
    try directory.prepare()
    var configuration = ServerConfiguration()
    configuration.tell = { tell(refusal($0)) }
    return try RESTServer(
      private: engine, as: kind, at: directory.socket(of: getpid()).string, beside: server,
      configuration: configuration)
  }

  /// Closes and removes it; who is attached is given a second to take the ends that there are.
  func stop() {
    wake?.wake()
    let server = state.withLock { state in
      state.isOver = true
      defer { state.server = nil }
      return state.server
    }
    server?.stop()
  }
}
