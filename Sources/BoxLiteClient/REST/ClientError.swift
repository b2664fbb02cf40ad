import AsyncHTTPClient
import BoxLiteWire
import ExecEngine
import ExecModel
import Glibc
import NIOCore
import NIOPosix
import NIOSSL

/// Why a request to a server failed: the cause for programs, one line for the user.
public struct ClientError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The cause of a failure.
  public enum Cause: Hashable, Sendable {
    /// The server refused: the HTTP status, and the code's word if there was one.
    case refused(status: Int, code: String?)
    /// Nothing listens there, or the connection failed.
    case unreachable
    /// No encrypted connection: the certificate is not trusted, or the peer does not speak TLS.
    case insecure
    /// The server did not answer in time.
    case timedOut
    /// The answer is invalid.
    case nonsense
  }

  /// The cause of the failure.
  public let cause: Cause
  /// One line that says what is wrong, where, and what to do.
  public let description: String

  /// Creates an error.
  public init(_ cause: Cause, _ description: String) {
    self.cause = cause
    self.description = description
  }

  /// The HTTP status; nil when there was no answer.
  public var status: Int? {
    if case .refused(let status, _) = cause { status } else { nil }
  }

  /// The code's word, such as `not_found`; nil when there was none.
  public var code: String? {
    if case .refused(_, let code) = cause { code } else { nil }
  }

  /// Whether the server was not reached or has an internal fault, so that a retry may succeed.
  public var isPassing: Bool {
    switch cause {
    case .refused(let status, _): status == 429 || status >= 500
    case .unreachable, .timedOut: true
    case .insecure, .nonsense: false
    }
  }
}

// Creating an error from a failure.
extension ClientError {
  /// The error for an unsuccessful answer; `keyPlace` is where the user gives the key.
  static func refused(
    status: Int, body: [UInt8], by endpoint: Endpoint, hasKey: Bool, keyPlace: String
  ) -> ClientError {
    let envelope = ErrorEnvelope(body: body)
    let text = OneLine.text(envelope?.message ?? String(decoding: body.prefix(400), as: UTF8.self))
    let words = text.isEmpty ? "HTTP \(status)" : text
    let line =
      switch status {
      case 401 where hasKey: "\(endpoint) rejects the key: check it, and \(keyPlace)"
      case 401: "\(endpoint) requires a key: set it in \(keyPlace)"
      default: "\(endpoint): \(words)"
      }
    return ClientError(.refused(status: status, code: envelope?.code), line)
  }

  /// The error for an answer that cannot be read.
  static func nonsense(_ reason: String, from endpoint: Endpoint) -> ClientError {
    ClientError(.nonsense, "\(endpoint) is not a BoxLite server: \(OneLine.text(reason))")
  }

  /// The error for a library's error.
  static func failed(_ error: any Error, at endpoint: Endpoint) -> ClientError {
    switch error {
    case let error as ClientError: error
    case let error as HTTPClientError: failed(error, at: endpoint)
    case is NIOSSLError, is BoringSSLError, is NIOSSLExtraError:
      ClientError(.insecure, "TLS handshake with \(endpoint): \(insecurity("\(error)"))")
    case is ResponseAccumulator.ResponseTooBigError: .nonsense("its answer is too large", from: endpoint)
    case ChannelError.eof: ClientError(.unreachable, "\(endpoint) closed the connection without an answer")
    case ChannelError.connectTimeout: ClientError(.timedOut, "\(endpoint) does not answer")
    case let error as NIOConnectionError: unreachable(error.connectionErrors.first?.error ?? error, endpoint)
    default: unreachable(error, endpoint)
    }
  }

  /// The meaning of BoringSSL's message, for the two common cases.
  private static func insecurity(_ words: String) -> String {
    if words.contains("WRONG_VERSION_NUMBER") { return "it does not use TLS; use boxlite:// to connect without TLS" }
    if words.contains("EOF during handshake") || words.contains("uncleanShutdown") {
      return "it closed the connection during the handshake, and may not use TLS; use boxlite:// to connect without TLS"
    }
    if words.contains("CERTIFICATE_VERIFY_FAILED") || words.contains("unableToValidateCertificate") {
      return "its certificate is not trusted; set $SSL_CERT_FILE to the certificate of its authority"
    }
    return OneLine.text(words)
  }

  private static func failed(_ error: HTTPClientError, at endpoint: Endpoint) -> ClientError {
    switch error {
    case .deadlineExceeded, .readTimeout, .writeTimeout, .connectTimeout, .getConnectionFromPoolTimeout:
      ClientError(.timedOut, "\(endpoint) did not answer in time")
    case .tlsHandshakeTimeout: ClientError(.insecure, "\(endpoint) does not answer as a TLS server")
    case .remoteConnectionClosed: ClientError(.unreachable, "\(endpoint) closed the connection without an answer")
    default: ClientError(.unreachable, "the request to \(endpoint) failed: \(OneLine.text("\(error)"))")
    }
  }

  private static func unreachable(_ error: any Error, _ endpoint: Endpoint) -> ClientError {
    guard let error = error as? IOError else {
      if "\(error)".contains("UnknownHost") {
        return ClientError(.unreachable, "there is no host with the name of \(endpoint)")
      }
      return ClientError(.unreachable, "cannot reach \(endpoint): \(OneLine.text("\(error)"))")
    }
    switch error.errnoCode {
    case ECONNREFUSED, ENOENT: return ClientError(.unreachable, "no server listens at \(endpoint)")
    default:
      return ClientError(.unreachable, "cannot reach \(endpoint): \(String(cString: strerror(error.errnoCode)))")
    }
  }
}

// The meaning of a server's refusal for a start.
extension BoxError {
  /// The box could not be used, or the command could not start there.
  init(_ error: ClientError, from target: BoxLiteTarget) {
    switch error.status {
    case 404: self.init(.box, "\(error.description): check the box's name in \(target)")
    case 422: self.init(Self.failure(error.description), error.description)
    default: self.init(.box, error.description)
    }
  }

  /// The kind of failure, from the server's message: the protocol has one code for all.
  private static func failure(_ words: String) -> StartFailure {
    let words = words.lowercased()
    func has(_ parts: String...) -> Bool { parts.contains { words.contains($0) } }
    if has("in any directory of path") { return .notFound }
    if has("director", "chdir", "cwd") { return .badDirectory }
    if has("too long", "larger than the kernel takes") { return .argumentListTooLong }
    if has("executable", "cannot be executed", "not a program", "interpreter", "ermission denied", "exec format") {
      return .notExecutable
    }
    return has("not found", "no such", "no command", "no file") ? .notFound : .box
  }
}

/// An untrusted text as one short line without control characters.
enum OneLine {
  /// The maximum length in characters.
  static let limit = 400

  /// The text with control characters replaced by spaces, cut at the limit.
  static func text(_ text: String) -> String {
    var line = ""
    for scalar in text.unicodeScalars.prefix(limit) {
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator: line += " "
      default: line.unicodeScalars.append(scalar)
      }
    }
    while line.last == " " { line.removeLast() }
    return line
  }
}
