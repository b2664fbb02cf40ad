import AsyncHTTPClient
import NIOCore
import NIOPosix
import NIOSSL

/// The event loops and the connections of all clients of this process; they live as long as it.
enum ClientThreads {
  /// Two loops: what they do between two reports to a sink is little.
  static let group = MultiThreadedEventLoopGroup(numberOfThreads: 2)

  /// Keeps connections, follows no redirect (the key would go with it), and tries no address twice.
  static let http: HTTPClient = {
    var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
    configuration.timeout.connect = .seconds(10)
    configuration.connectionPool.idleTimeout = .seconds(10)
    configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 32
    configuration.connectionPool.retryConnectionEstablishment = false
    configuration.httpVersion = .http1Only
    return HTTPClient(eventLoopGroupProvider: .shared(group), configuration: configuration)
  }()
}
