import BoxLiteClient
import BoxLiteServer
import Console
import ExecModel
import Glibc
import HostBoxes
import Instances
import Jobs

/// A server setting with a valid value.
struct ServerChange: Hashable, Sendable {
  let setting: ServerSetting
  let text: String

  /// Creates a setting from a value's text.
  ///
  /// - Throws: `TextValueError` that says what to write.
  init(_ setting: ServerSetting, _ text: String) throws(TextValueError) {
    var trial = ServerConfiguration()
    try setting.set(text, in: &trial)
    (self.setting, self.text) = (setting, text)
  }
}

/// Opens the server, which calls `tell` with messages for the operator.
typealias Serving = (_ tell: @escaping @Sendable (String) -> Void) throws -> RESTServer

/// Serves until termination is requested, then ends what is still running.
final class ServeRun {
  private let session: Session
  private let server: RESTServer
  private let audience: Audience
  private let signals: SignalQueue

  init(_ session: Session, _ audience: Audience, _ serve: Serving) throws {
    (self.session, self.audience) = (session, audience)
    signals = try SignalQueue()
    server = try serve { Diagnostics.print($0) }
  }

  /// Returns the exit status: 0 when termination was requested, which is not a failure; 128+N for
  /// any other signal.
  func run() throws -> Int32 {
    let socket = InstanceSocket.start(.serve, session.engine, beside: server, in: InstanceDirectory())
    defer { socket.stop() }
    session.launcher.keepPruning()
    Diagnostics.print(audience.at(server.address).sentence)
    // One line that programs can wait for, with the actual port.
    try TextOutput().write(["listening on \(server.address)"])
    let signal = awaitSignal()
    // Clients receive the ends of the executions ended here.
    server.stopListening()
    Farewell(session.engine).endAll()
    server.stop()
    return signal.asksToEnd ? 0 : 128 + signal.number
  }

  private func awaitSignal() -> Signal {
    var entry = pollfd(fd: signals.descriptor, events: Int16(POLLIN), revents: 0)
    while true {
      if let signal = signals.next() { return signal }
      _ = poll(&entry, 1, -1)
    }
  }
}

extension Session {
  /// Listens for clients, whose commands run in a local box, or on the server behind us.
  ///
  /// - Throws: ``/Console/Failure`` when there is no such box, or the address is not available.
  func serve(
    _ box: String?, _ sandbox: SandboxOptions, behind upstream: (endpoint: Endpoint, key: String?)?,
    at address: ListenAddress,
    _ options: ServerConfiguration
  ) throws -> RESTServer {
    do {
      if let upstream {
        return try RESTServer(
          engine, upstream: upstream.endpoint, key: upstream.key, at: address, configuration: options)
      }
      let box = try boxes.box(named: box ?? configuration.box, adding: sandbox)
      return try RESTServer(engine, box: box, at: address, configuration: options)
    } catch let error as ServerError {
      throw Failure(error.description)
    }
  }
}
