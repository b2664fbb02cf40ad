import BoxLiteWire
import Synchronization

/// What a server can do, asked once.
final class ServerAbilities: Sendable {
  private let known = Mutex<ConfigReply?>(nil)

  /// Asks, or remembers; a server that has no such answer can do what every server can.
  ///
  /// - Throws: ``ClientError`` when the server cannot be reached.
  func ask(_ client: RESTClient) throws(ClientError) -> ConfigReply {
    if let reply = known.withLock({ $0 }) { return reply }
    let reply = try fetch(client)
    known.withLock { $0 = reply }
    return reply
  }

  private func fetch(_ client: RESTClient) throws(ClientError) -> ConfigReply {
    do throws(ClientError) { return try client.config() } catch {
      guard error.isPassing || error.cause == .insecure else { return ConfigReply() }
      throw error
    }
  }
}
