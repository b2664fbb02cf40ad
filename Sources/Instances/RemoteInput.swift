package import BoxLiteClient
package import BoxLiteWire
import Synchronization

/// The destination of a command's input.
package protocol CommandInput: Sendable {
  /// Queues bytes; `completion` is called once, with a reason when they were not written.
  func write(_ bytes: [UInt8], completion: @escaping @Sendable (String?) -> Void)

  /// Closes the input after the queued bytes.
  func closeInput()
}

/// The input of another boxwatch's command, through its private socket; connected by the first
/// write.
///
/// Of all attached clients one may write. A second one is refused with a reason.
package final class RemoteInput: CommandInput, AttachReceiver {
  /// A writer that requests no output, which it reads from the journal.
  static let query = AttachQuery(allowsInput: true, from: (stdout: .max, stderr: .max))

  private enum Order {
    case write([UInt8], completion: @Sendable (String?) -> Void)
    case end
  }

  private enum Phase {
    case idle
    /// Requests that wait until the other process has accepted the attach.
    case connecting(AttachSocket, [Order])
    case open(AttachSocket)
    case over(reason: String)
  }

  private let client: RESTClient
  private let target: AttachTarget
  private let phase = Mutex(Phase.idle)

  init(_ client: RESTClient, _ target: AttachTarget) {
    self.client = client
    self.target = target
  }

  package func write(_ bytes: [UInt8], completion: @escaping @Sendable (String?) -> Void) {
    take(.write(bytes, completion: completion))
  }

  package func closeInput() { take(.end) }

  /// Closes the connection.
  package func close() {
    let before = phase.withLock { phase in
      defer { phase = .over(reason: "the connection was closed") }
      return phase
    }
    switch before {
    case .idle, .over: break
    case .connecting(let socket, let orders):
      socket.close()
      refuse(orders, "the connection was closed")
    case .open(let socket): socket.close()
    }
  }

  private func take(_ order: Order) {
    let then = phase.withLock { phase -> (() -> Void)? in
      switch phase {
      case .idle:
        do throws(ClientError) {
          let socket = try AttachSocket(client, target, receiver: self)
          phase = .connecting(socket, [order])
          return { socket.open() }
        } catch {
          phase = .over(reason: error.description)
          return { self.refuse([order], error.description) }
        }
      case .connecting(let socket, let orders):
        phase = .connecting(socket, orders + [order])
        return nil
      // Under the lock, so that requests stay in order; it only queues.
      case .open(let socket):
        Self.send(order, to: socket)
        return nil
      case .over(let reason): return { self.refuse([order], reason) }
      }
    }
    then?()
  }

  private static func send(_ order: Order, to socket: AttachSocket) {
    switch order {
    case .write(let bytes, let completion):
      socket.send(bytes) { error in completion(error.map { "the connection was cut: \($0)" }) }
    case .end: socket.send(.endOfInput)
    }
  }

  private func refuse(_ orders: [Order], _ reason: String) {
    for case .write(_, let completion) in orders { completion(reason) }
  }
}

// MARK: - Events of the socket

extension RemoteInput {
  package func attached() {
    phase.withLock { phase in
      guard case .connecting(let socket, let orders) = phase else { return }
      phase = .open(socket)
      for order in orders { Self.send(order, to: socket) }
    }
  }

  package func received(_ channel: OutputChannel, _ bytes: borrowing RawSpan) {}

  package func received(_ message: ServerMessage) {
    switch message {
    case .exit: close()
    case .error(_, let code) where code == "stdin_closed": close()
    case .error: break
    }
  }

  package func ended(_ end: AttachEnd) {
    let before = phase.withLock { phase in
      defer { phase = .over(reason: Self.reason(end)) }
      return phase
    }
    if case .connecting(_, let orders) = before { refuse(orders, Self.reason(end)) }
  }

  private static func reason(_ end: AttachEnd) -> String {
    guard case .refused(let error) = end, error.status == 409 else { return end.words }
    return "another client writes to it: only one at a time can"
  }
}
