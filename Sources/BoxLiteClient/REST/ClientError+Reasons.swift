import AsyncHTTPClient
import BoxLiteWire
import Glibc
import NIOCore
import NIOPosix
import NIOSSL

// From what went wrong to the line that says so.
extension ClientError {
  /// An answer that is no success; `keyPlace` is where a person gives the key.
  static func refused(
    status: Int, body: [UInt8], by endpoint: Endpoint, hasKey: Bool, keyPlace: String
  ) -> ClientError {
    let envelope = ErrorEnvelope(body: body)
    let text = OneLine.text(envelope?.message ?? String(decoding: body.prefix(400), as: UTF8.self))
    let words = text.isEmpty ? "HTTP \(status)" : text
    let line =
      switch status {
      case 401 where hasKey: "\(endpoint) refuses the key: check it, and \(keyPlace)"
      case 401: "\(endpoint) wants a key: give it in \(keyPlace)"
      default: "\(endpoint): \(words)"
      }
    return ClientError(.refused(status: status, code: envelope?.code), line)
  }

  /// An answer that cannot be read.
  static func nonsense(_ reason: String, from endpoint: Endpoint) -> ClientError {
    ClientError(.nonsense, "\(endpoint) is no BoxLite server: \(OneLine.text(reason))")
  }

  /// What a library threw instead of an answer.
  static func failed(_ error: any Error, at endpoint: Endpoint) -> ClientError {
    switch error {
    case let error as ClientError: error
    case let error as HTTPClientError: failed(error, at: endpoint)
    case is NIOSSLError, is BoringSSLError, is NIOSSLExtraError:
      ClientError(.insecure, "no secure connection to \(endpoint): \(insecurity("\(error)"))")
    case is ResponseAccumulator.ResponseTooBigError: .nonsense("its answer is too large", from: endpoint)
    case ChannelError.eof: ClientError(.unreachable, "\(endpoint) hung up without an answer")
    case ChannelError.connectTimeout: ClientError(.timedOut, "\(endpoint) does not answer")
    case let error as NIOConnectionError: unreachable(error.connectionErrors.first?.error ?? error, endpoint)
    default: unreachable(error, endpoint)
    }
  }

  /// What BoringSSL means, for the two things that happen to people.
  private static func insecurity(_ words: String) -> String {
    if words.contains("WRONG_VERSION_NUMBER") { return "it speaks no TLS; write boxlite:// if that is meant" }
    if words.contains("EOF during handshake") || words.contains("uncleanShutdown") {
      return "it hangs up on a handshake, and perhaps speaks no TLS; write boxlite:// if that is meant"
    }
    if words.contains("CERTIFICATE_VERIFY_FAILED") || words.contains("unableToValidateCertificate") {
      return "its certificate is not trusted; name its authority's file in $SSL_CERT_FILE"
    }
    return OneLine.text(words)
  }

  private static func failed(_ error: HTTPClientError, at endpoint: Endpoint) -> ClientError {
    switch error {
    case .deadlineExceeded, .readTimeout, .writeTimeout, .connectTimeout, .getConnectionFromPoolTimeout:
      ClientError(.timedOut, "\(endpoint) does not answer in time")
    case .tlsHandshakeTimeout: ClientError(.insecure, "\(endpoint) does not answer as a TLS server")
    case .remoteConnectionClosed: ClientError(.unreachable, "\(endpoint) hung up without an answer")
    default: ClientError(.unreachable, "cannot ask \(endpoint): \(OneLine.text("\(error)"))")
    }
  }

  private static func unreachable(_ error: any Error, _ endpoint: Endpoint) -> ClientError {
    guard let error = error as? IOError else {
      if "\(error)".contains("UnknownHost") { return ClientError(.unreachable, "there is no host \(endpoint)") }
      return ClientError(.unreachable, "cannot reach \(endpoint): \(OneLine.text("\(error)"))")
    }
    switch error.errnoCode {
    case ECONNREFUSED, ENOENT: return ClientError(.unreachable, "nobody listens at \(endpoint)")
    default:
      return ClientError(.unreachable, "cannot reach \(endpoint): \(String(cString: strerror(error.errnoCode)))")
    }
  }
}
