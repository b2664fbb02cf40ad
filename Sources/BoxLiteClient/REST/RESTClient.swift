import AsyncHTTPClient
import BoxLiteWire
import Glibc
import JSON
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import Synchronization

/// Where a server is.
public enum Endpoint: Hashable, Sendable, CustomStringConvertible {
  /// A host's name or number, a port, and whether the way there is encrypted.
  case network(host: String, port: Int, tls: Bool)
  /// A Unix socket.
  case unix(path: String)

  /// How a person names it: `HOST:PORT`, `[IPv6]:PORT` or `unix:PATH`.
  public var description: String {
    switch self {
    case .network(let host, let port, _): "\(Self.bracketed(host)):\(port)"
    case .unix(let path): "unix:\(path)"
    }
  }

  /// What stands before a request's path in a URL.
  var origin: String {
    switch self {
    case .network(let host, let port, let tls): "\(tls ? "https" : "http")://\(Self.bracketed(host)):\(port)"
    case .unix(let path): "http+unix://\(PathSegment.escaped(path))"
    }
  }

  /// What a request's `Host` header says (RFC 9112, section 3.2).
  var hostHeader: String {
    switch self {
    case .network: description
    case .unix: "localhost"
    }
  }

  private static func bracketed(_ host: String) -> String { host.contains(":") ? "[\(host)]" : host }
}

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

/// Asks one server, one request after the other; every call blocks, and every one ends in time.
///
/// May be called from any thread but an event loop's, by many at once.
public final class RESTClient: Sendable {
  /// Where the server is.
  public let endpoint: Endpoint

  let key: String?
  private let keyPlace: String
  let tls: TLSConfiguration
  private let patience: Duration
  /// Made once: it reads all certificates that are believed.
  private let context = Mutex<NIOSSLContext?>(nil)
  /// What stands before `boxes` in every path.
  private static let base = "/v1"

  /// Where people give the key of a server that is named by its address.
  public static let standardKeyPlace = "$BOXLITE_API_KEY"

  /// Bytes of an answer at most.
  static let largestAnswer = 16 << 20

  /// Names a server; nothing is sent yet.
  ///
  /// - Parameters:
  ///   - key: what the server wants as `Authorization: Bearer KEY`; nil for none.
  ///   - keyPlace: where a person gives the key, for the refusal of one who has not.
  ///   - patience: how long a call may take; starting a command has ten times as long.
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

  /// What encrypted attach connections share.
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

  /// Sends a request, and answers on an event loop with the body of a success.
  ///
  /// - Parameter path: from the root on, such as `/v1/boxes`.
  /// - Throws: ``ClientError`` when the request makes no sense, or a connection cannot be afforded.
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

  /// Why an answer that is no success came.
  func refusal(status: Int, body: [UInt8]) -> ClientError {
    .refused(status: status, body: body, by: endpoint, hasKey: key != nil, keyPlace: keyPlace)
  }

  private func request(_ method: HTTPMethod, _ path: String, _ body: JSONValue?) throws -> HTTPClient.Request {
    var headers = headers
    if body != nil { headers.add(name: "content-type", value: "application/json") }
    // A box's start and stop have no body, and say so.
    let content = body.map { HTTPClient.Body.string($0.text) } ?? (method == .POST ? .string("") : nil)
    return try HTTPClient.Request(
      url: endpoint.origin + path, method: method, headers: headers, body: content, tlsConfiguration: tls)
  }

  /// Sends a request and waits for its success.
  @discardableResult
  func send(
    _ method: HTTPMethod, _ path: String, _ body: JSONValue? = nil, within limit: Duration? = nil
  ) throws(ClientError) -> [UInt8] {
    do { return try begin(method, path, body, within: limit).wait() } catch {
      throw ClientError.failed(error, at: endpoint)
    }
  }

  /// Reads an answer.
  func read<Reply>(
    _ body: [UInt8], _ make: (JSONObject) throws(JSONError) -> Reply
  ) throws(ClientError) -> Reply {
    do throws(JSONError) { return try make(JSONObject(body: body)) } catch {
      throw .nonsense(error.description, from: endpoint)
    }
  }

  /// How long starting a command may take: as long as BoxLite's own clients wait.
  var longPatience: Duration { patience * 10 }

  static func path(box: String, _ rest: String = "") -> String { "\(base)/boxes/\(PathSegment.escaped(box))\(rest)" }

  static func path(box: String, execution: String, _ rest: String = "") -> String {
    path(box: box, "/executions/\(PathSegment.escaped(execution))\(rest)")
  }
}

// Encrypted attach connections; requests are AsyncHTTPClient's.
extension RESTClient {
  /// The first handler of an encrypted connection.
  func secureHandler(_ host: String) throws -> NIOSSLClientHandler {
    let isNumber = (try? SocketAddress(ipAddress: host, port: 0)) != nil
    // A number is no name to ask for (RFC 6066, section 3); the certificate must hold the address then.
    return try NIOSSLClientHandler(context: try secureContext(), serverHostname: isNumber ? nil : host)
  }
}
