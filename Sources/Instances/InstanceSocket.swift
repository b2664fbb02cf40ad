package import BoxLiteServer
import Console
package import ExecEngine
import Glibc
import Linux
import Synchronization
import SystemPackage

/// This process's private socket, through which other processes control its executions.
///
/// It is opened on a separate thread, and a failure does not stop the run: only control from other
/// processes is missing then.
package final class InstanceSocket: Sendable {
  private struct State {
    var server: RESTServer?
    var isOver = false
  }

  private let state = Mutex(State())
  private let wake: WakeDescriptor?

  private init() { wake = try? WakeDescriptor() }

  /// Opens it `delay` milliseconds from now, unless it is stopped before: a short run needs no
  /// socket.
  ///
  /// - Parameters:
  ///   - server: the server for clients; of all clients attached to an execution, through either
  ///     server, one may write.
  ///   - report: called on another thread with the reason when it could not be opened.
  package static func start(
    _ kind: InstanceKind, _ engine: Engine, beside server: RESTServer? = nil, after delay: Int32 = 0,
    in directory: InstanceDirectory,
    report: @escaping @Sendable (String) -> Void = { Diagnostics.print($0) }
  ) -> InstanceSocket {
    let socket = InstanceSocket()
    let failure = DetachedThread.start(name: "boxwatch-socket") {
      if delay > 0, socket.wake?.wait(milliseconds: delay) == true { return }
      socket.open(kind, engine, beside: server, in: directory, report)
    }
    if let failure { report(refusal(Failure.noThread(failure))) }
    return socket
  }

  /// Opens it before returning.
  package static func open(_ kind: InstanceKind, _ engine: Engine, in directory: InstanceDirectory) -> InstanceSocket {
    let socket = InstanceSocket()
    socket.open(kind, engine, beside: nil, in: directory) { Diagnostics.print($0) }
    return socket
  }

  private func open(
    _ kind: InstanceKind, _ engine: Engine, beside server: RESTServer?, in directory: InstanceDirectory,
    _ report: @escaping @Sendable (String) -> Void
  ) {
    // Under the lock: a concurrent stop waits until there is a socket to remove.
    let failure = state.withLock { state -> String? in
      if state.isOver { return nil }
      do {
        state.server = try Self.listen(kind, engine, server, directory, report)
        return nil
      } catch { return "\(error)" }
    }
    if let failure { report(Self.refusal(failure)) }
  }

  private static func refusal(_ reason: String) -> String { "other terminals cannot control what runs here: \(reason)" }

  private static func listen(
    _ kind: InstanceKind, _ engine: Engine, _ server: RESTServer?, _ directory: InstanceDirectory,
    _ report: @escaping @Sendable (String) -> Void
  ) throws -> RESTServer {
    try directory.prepare()
    var configuration = ServerConfiguration()
    configuration.tell = { report(refusal($0)) }
    return try RESTServer(
      private: engine, as: kind, at: directory.socket(of: getpid()).string, beside: server,
      configuration: configuration)
  }

  /// Closes and removes it; attached clients get a second to receive the ends that are ready.
  package func stop() {
    wake?.wake()
    let server = state.withLock { state in
      state.isOver = true
      defer { state.server = nil }
      return state.server
    }
    server?.stop()
  }
}
