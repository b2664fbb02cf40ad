import NIOCore
import NIOSSL

// Encrypted attach connections; requests are AsyncHTTPClient's.
extension RESTClient {
  /// The first handler of an encrypted connection.
  func secureHandler(_ host: String) throws -> NIOSSLClientHandler {
    let isNumber = (try? SocketAddress(ipAddress: host, port: 0)) != nil
    // A number is no name to ask for (RFC 6066, section 3); the certificate must hold the address then.
    return try NIOSSLClientHandler(context: try secureContext(), serverHostname: isNumber ? nil : host)
  }
}
