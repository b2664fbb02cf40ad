import AsyncHTTPClient
import NIOCore
import NIOPosix
import NIOSSL
import NetworkBase
import Synchronization

/// The event loops and connections of all clients of this process; they live as long as the
/// process.
enum ClientThreads {
  private static let made = Mutex<HTTPClient?>(nil)

  /// The loop for the next connection to a server.
  ///
  /// - Throws: ``ClientError`` when there is no loop and the process lacks the resources for one.
  static func next(for endpoint: Endpoint) throws(ClientError) -> any EventLoop { try group(for: endpoint).next() }

  /// The HTTP client.
  ///
  /// - Throws: ``ClientError`` when there is no loop and the process lacks the resources for one.
  static func http(for endpoint: Endpoint) throws(ClientError) -> HTTPClient {
    let group = try group(for: endpoint)
    return made.withLock { made in
      let client = made ?? make(group)
      made = client
      return client
    }
  }

  private static func group(for endpoint: Endpoint) throws(ClientError) -> MultiThreadedEventLoopGroup {
    do throws(Shortage) { return try EventLoops.shared() } catch {
      throw ClientError(.unreachable, "cannot connect to \(endpoint): \(error)")
    }
  }

  /// Keeps connections alive, follows no redirects (the key would be sent along), and does not
  /// retry an address.
  private static func make(_ group: MultiThreadedEventLoopGroup) -> HTTPClient {
    var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
    configuration.timeout.connect = .seconds(10)
    configuration.connectionPool.idleTimeout = .seconds(10)
    configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 32
    configuration.connectionPool.retryConnectionEstablishment = false
    configuration.httpVersion = .http1Only
    return HTTPClient(eventLoopGroupProvider: .shared(group), configuration: configuration)
  }
}
