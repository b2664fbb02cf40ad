import AsyncHTTPClient
import BoxLiteWire
import Glibc
import JSON
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import Synchronization

/// A server's endpoint.
public enum Endpoint: Hashable, Sendable, CustomStringConvertible {
  /// A host name or address, a port, and whether the connection is encrypted.
  case network(host: String, port: Int, tls: Bool)
  /// A Unix socket.
  case unix(path: String)

  /// The endpoint as the user writes it: `HOST:PORT`, `[IPv6]:PORT` or `unix:PATH`.
  public var description: String {
    switch self {
    case .network(let host, let port, _): "\(Self.bracketed(host)):\(port)"
    case .unix(let path): "unix:\(path)"
    }
  }

  /// The part of a URL before the request's path.
  var origin: String {
    switch self {
    case .network(let host, let port, let tls): "\(tls ? "https" : "http")://\(Self.bracketed(host)):\(port)"
    case .unix(let path): "http+unix://\(PathSegment.escaped(path))"
    }
  }

  /// The value of a request's `Host` header (RFC 9112, section 3.2).
  var hostHeader: String {
    switch self {
    case .network: description
    case .unix: "localhost"
    }
  }

  private static func bracketed(_ host: String) -> String { host.contains(":") ? "[\(host)]" : host }
}

/// The trusted certificates.
enum Trust {
  /// The system's, or those of the file that `$SSL_CERT_FILE` names, as with OpenSSL.
  static func configuration() -> TLSConfiguration {
    var configuration = TLSConfiguration.makeClientConfiguration()
    if let path = getenv("SSL_CERT_FILE").map({ String(cString: $0) }), !path.isEmpty {
      configuration.trustRoots = .file(path)
    }
    return configuration
  }
}

/// Sends requests to one server, one after the other; every call blocks and has a timeout.
///
/// May be called from any thread except an event loop's, and concurrently.
public final class RESTClient: Sendable {
  /// The server's endpoint.
  public let endpoint: Endpoint

  let key: String?
  private let keyPlace: String
  let tls: TLSConfiguration
  private let patience: Duration
  /// Created once: it reads all trusted certificates.
  private let context = Mutex<NIOSSLContext?>(nil)
  /// The part before `boxes` in every path.
  private static let base = "/v1"

  /// Where users give the key of a server that is named by its address.
  public static let standardKeyPlace = "$BOXLITE_API_KEY"

  /// The maximum size of an answer, in bytes.
  static let largestAnswer = 16 << 20

  /// Creates a client; nothing is sent yet.
  ///
  /// - Parameters:
  ///   - endpoint: the server.
  ///   - key: sent as `Authorization: Bearer KEY`; nil for none.
  ///   - keyPlace: where the user gives the key, for the error when it is missing.
  ///   - patience: the timeout of a call; starting a command has ten times as long.
  public convenience init(
    _ endpoint: Endpoint, key: String?, keyPlace: String = standardKeyPlace, patience: Duration = .seconds(30)
  ) {
    self.init(endpoint, key: key, keyPlace: keyPlace, patience: patience, tls: Trust.configuration())
  }

  init(
    _ endpoint: Endpoint, key: String?, keyPlace: String = standardKeyPlace, patience: Duration, tls: TLSConfiguration
  ) {
    (self.endpoint, self.key, self.patience, self.tls) = (endpoint, key, patience, tls)
    self.keyPlace = keyPlace
  }

  convenience init(_ endpoint: Endpoint, key: String?, _ options: BoxLiteOptions) {
    self.init(endpoint, key: key, keyPlace: options.keyPlace, patience: options.patience)
  }

  /// The TLS context shared by encrypted attach connections.
  func secureContext() throws -> NIOSSLContext {
    try context.withLock { context in
      if let context { return context }
      let made = try NIOSSLContext(configuration: tls)
      context = made
      return made
    }
  }

  /// The headers of every request.
  var headers: HTTPHeaders {
    var headers = HTTPHeaders()
    if let key { headers.add(name: "authorization", value: "Bearer \(key)") }
    return headers
  }

  /// Sends a request, and returns a future on an event loop with the body of a successful answer.
  ///
  /// - Parameter path: from the root, such as `/v1/boxes`.
  /// - Throws: ``ClientError`` when the request is invalid, or the process lacks the resources for
  ///   a connection.
  func begin(
    _ method: HTTPMethod, _ path: String, _ body: JSONValue? = nil, within limit: Duration? = nil
  ) throws(ClientError) -> EventLoopFuture<[UInt8]> {
    let endpoint = endpoint
    let request: HTTPClient.Request
    do { request = try self.request(method, path, body) } catch { throw ClientError.failed(error, at: endpoint) }
    return try ClientThreads.http(for: endpoint).execute(
      request: request, delegate: ResponseAccumulator(request: request, maxBodySize: Self.largestAnswer),
      deadline: .now() + TimeAmount(limit ?? patience)
    ).futureResult.flatMapErrorThrowing { error in throw ClientError.failed(error, at: endpoint) }
      .flatMapThrowing { [self] answer in
        let body = answer.body.map { Array($0.readableBytesView) } ?? []
        guard (200...299).contains(answer.status.code) else {
          throw refusal(status: Int(answer.status.code), body: body)
        }
        return body
      }
  }

  /// Sends a request, and answers on `loop`, also when it could not be sent.
  func begin(
    _ method: HTTPMethod, _ path: String, _ body: JSONValue? = nil, within limit: Duration? = nil,
    answeringOn loop: any EventLoop
  ) -> EventLoopFuture<[UInt8]> {
    do throws(ClientError) { return try begin(method, path, body, within: limit).hop(to: loop) } catch {
      return loop.makeFailedFuture(error)
    }
  }

  /// The error for an unsuccessful answer.
  func refusal(status: Int, body: [UInt8]) -> ClientError {
    .refused(status: status, body: body, by: endpoint, hasKey: key != nil, keyPlace: keyPlace)
  }

  private func request(_ method: HTTPMethod, _ path: String, _ body: JSONValue?) throws -> HTTPClient.Request {
    var headers = headers
    if body != nil { headers.add(name: "content-type", value: "application/json") }
    // Starting and stopping a box have no body, and say so.
    let content = body.map { HTTPClient.Body.string($0.text) } ?? (method == .POST ? .string("") : nil)
    return try HTTPClient.Request(
      url: endpoint.origin + path, method: method, headers: headers, body: content, tlsConfiguration: tls)
  }

  /// Sends a request and waits for a successful answer.
  @discardableResult
  func send(
    _ method: HTTPMethod, _ path: String, _ body: JSONValue? = nil, within limit: Duration? = nil
  ) throws(ClientError) -> [UInt8] {
    do { return try begin(method, path, body, within: limit).wait() } catch {
      throw ClientError.failed(error, at: endpoint)
    }
  }

  /// Parses an answer.
  func read<Reply>(
    _ body: [UInt8], _ make: (JSONObject) throws(JSONError) -> Reply
  ) throws(ClientError) -> Reply {
    do throws(JSONError) { return try make(JSONObject(body: body)) } catch {
      throw .nonsense(error.description, from: endpoint)
    }
  }

  /// The timeout for starting a command: the same as that of BoxLite's own clients.
  var longPatience: Duration { patience * 10 }

  static func path(box: String, _ rest: String = "") -> String { "\(base)/boxes/\(PathSegment.escaped(box))\(rest)" }

  static func path(box: String, execution: String, _ rest: String = "") -> String {
    path(box: box, "/executions/\(PathSegment.escaped(execution))\(rest)")
  }
}

// Encrypted attach connections; requests use AsyncHTTPClient.
extension RESTClient {
  /// The TLS handler of an encrypted connection.
  func secureHandler(_ host: String) throws -> NIOSSLClientHandler {
    let isNumber = (try? SocketAddress(ipAddress: host, port: 0)) != nil
    // An IP address is not a server name (RFC 6066, section 3); the certificate must contain the
    // address then.
    return try NIOSSLClientHandler(context: try secureContext(), serverHostname: isNumber ? nil : host)
  }
}
