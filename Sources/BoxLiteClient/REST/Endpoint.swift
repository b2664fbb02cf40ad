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
