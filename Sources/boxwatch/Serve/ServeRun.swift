import BoxLiteServer
import ExecModel
import Glibc

/// Opens the server, which tells what the operator should know.
typealias Serving = (_ tell: @escaping @Sendable (String) -> Void) throws -> RESTServer

/// Serves until it is asked to end, then ends what still runs.
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

  /// Returns the exit status: 0, as a server that was asked to end has not failed; 128+N for any other signal.
  func run() throws -> Int32 {
    let socket = InstanceSocket.start(.serve, session.engine, beside: server)
    defer { socket.stop() }
    session.keepPruning()
    Diagnostics.print(audience.at(server.address).sentence)
    // One line that programs can wait for, with the real port.
    try TextOutput().write(["listening on \(server.address)"])
    let signal = awaitSignal()
    // Clients hear of the end of what we end.
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
