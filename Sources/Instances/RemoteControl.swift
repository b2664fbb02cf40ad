import BoxLiteClient
import BoxLiteWire
import Console
import ExecEngine
package import ExecModel
import Glibc
import Journal
import Linux
import SystemPackage

/// Controls an execution of another boxwatch through its private socket.
///
/// Every call blocks until the other process answers, a few seconds at most.
package struct RemoteControl: Sendable {
  /// The box of a private socket, which contains every execution.
  package static let box = "all"
  /// How long to wait for a socket that is about to be opened, in milliseconds.
  private static let patience: Int32 = 5000
  /// The age, in nanoseconds, up to which an execution's boxwatch may still open its socket.
  private static let youth: UInt64 = 10_000_000_000

  /// The execution's input.
  package let input: RemoteInput

  private let execution: ListedExecution
  private let client: RESTClient

  /// Finds the socket of the boxwatch that runs it.
  ///
  /// - Throws: ``/Console/Failure`` for an execution that is over or interrupted, and when its boxwatch does
  ///   not listen.
  package init(_ execution: ListedExecution, _ instances: InstanceDirectory) throws {
    guard execution.state.isLive else { throw Failure(execution.refusal) }
    let socket = try execution.owner?.socket ?? Self.socket(of: execution, instances)
    self.execution = execution
    client = RESTClient(privateSocket: socket, patience: .seconds(5))
    input = RemoteInput(
      client, AttachTarget(box: Self.box, execution: execution.id.description, query: RemoteInput.query))
  }

  /// Sends a signal to its process group.
  ///
  /// - Throws: ``/Console/Failure``, or ``UnansweredOrder``.
  package func signal(_ signal: Signal) throws {
    try ask { () throws(ClientError) in try client.signal(Self.box, execution.id.description, signal.number) }
  }

  /// Kills it with its process group; releases the held streams of one that is draining.
  ///
  /// - Throws: ``/Console/Failure``, or ``UnansweredOrder``.
  package func kill() throws {
    try ask { () throws(ClientError) in try client.kill(Self.box, execution.id.description) }
  }

  /// Resizes its terminal.
  ///
  /// - Throws: ``/Console/Failure``, or ``UnansweredOrder``.
  package func resize(_ size: TerminalSize) throws {
    let body = ResizeBody(columns: size.columns, rows: size.rows)
    try ask { () throws(ClientError) in try client.resize(Self.box, execution.id.description, body) }
  }

  private func ask(_ body: () throws(ClientError) -> Void) throws {
    do throws(ClientError) { try body() } catch {
      // A stopped process reads the request when it is continued, and refuses it: the sender cannot be checked any more.
      if error.cause == .timedOut { throw UnansweredOrder(execution.id, owner: execution.identity.watcher) }
      switch error.status {
      case 404: throw Failure("process \(execution.identity.watcher) does not know \(execution.id)")
      case 409: throw Failure("\(execution.id) has already ended")
      default: throw Failure(error.description)
      }
    }
  }

  /// A run without a screen opens its socket a moment after its command starts, which a busy machine stretches to seconds.
  private static func socket(of execution: ListedExecution, _ instances: InstanceDirectory) throws -> FilePath {
    let socket = instances.socket(of: execution.identity.watcher)
    let now = WallClock.now
    let age = now - min(now, execution.identity.created)
    let wait = SocketWait(socket: socket, owner: execution.identity.watcher)
    guard wait.run(milliseconds: age < youth ? patience : 0) else {
      throw Failure(
        "\(execution.id) runs in process \(execution.identity.watcher), which has no socket at \(socket): only that "
          + "process can control it")
    }
    try instances.check()
    return socket
  }
}

extension ListedExecution {
  /// Why it can no longer be controlled, in one line.
  fileprivate var refusal: String {
    state == .interrupted
      ? "\(id) was interrupted: its boxwatch died, and its command has ended or only boxwatch kill reaches it"
      : "\(id) has ended (\(state.words))"
  }
}
