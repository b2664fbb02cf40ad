import Glibc
import NIOSSL

/// Which certificates are believed.
enum Trust {
  /// The system's, or those of the file that `$SSL_CERT_FILE` names, as OpenSSL has it.
  static func configuration() -> TLSConfiguration {
    var configuration = TLSConfiguration.makeClientConfiguration()
    if let path = getenv("SSL_CERT_FILE").map({ String(cString: $0) }), !path.isEmpty {
      configuration.trustRoots = .file(path)
    }
    return configuration
  }
}
