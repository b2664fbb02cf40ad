public import ExecModel

/// The address of a container engine.
public enum EngineAddress: Hashable, Sendable, CustomStringConvertible {
  /// A Unix socket's path.
  case unix(String)
  /// A host and port, with certificates when the engine requires TLS.
  case network(host: String, port: Int, tls: TLSFiles?)

  /// Parses `unix:///PATH`, `tcp://HOST:PORT`, `http://HOST:PORT` or `https://HOST:PORT`; a bare
  /// absolute path is a socket.
  ///
  /// - Parameters:
  ///   - text: the address as the user or `DOCKER_HOST` gives it.
  ///   - tls: the certificates, when the engine at a `tcp` address requires TLS.
  /// - Throws: ``/ExecModel/TextValueError`` for anything else, including ssh.
  public init(text: String, tls: TLSFiles? = nil) throws(TextValueError) {
    if text.hasPrefix("/") {
      self = .unix(text)
      return
    }
    guard let colon = text.firstIndex(of: ":"), text[colon...].hasPrefix("://") else {
      throw TextValueError("'\(text)' is not the address of an engine; use unix:///PATH or tcp://HOST:PORT")
    }
    let rest = String(text[colon...].dropFirst(3))
    switch text[..<colon] {
    case "unix" where rest.hasPrefix("/"): self = .unix(rest)
    case "tcp": self = try Self.network(rest, text, tls, port: tls == nil ? 2375 : 2376)
    case "http": self = try Self.network(rest, text, nil, port: 80)
    case "https": self = try Self.network(rest, text, tls ?? TLSFiles(folder: ""), port: 443)
    case "ssh":
      throw TextValueError("'\(text)': engines over ssh are not supported; forward the socket with ssh -L PATH:PATH")
    default: throw TextValueError("'\(text)' is not the address of an engine; use unix:///PATH or tcp://HOST:PORT")
    }
  }

  private static func network(
    _ rest: String, _ text: String, _ tls: TLSFiles?, port standard: Int
  ) throws(TextValueError) -> EngineAddress {
    let place = rest.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).first.map(String.init) ?? ""
    let (host, number) = split(place)
    guard !host.isEmpty, let port = number.isEmpty ? standard : Int(number), (1...65_535).contains(port) else {
      throw TextValueError("'\(text)' has no host and port; use tcp://HOST:PORT")
    }
    return .network(host: host, port: port, tls: tls)
  }

  /// Splits `HOST:PORT` and `[V6]:PORT`.
  private static func split(_ place: String) -> (host: String, port: String) {
    if place.hasPrefix("["), let end = place.firstIndex(of: "]") {
      let after = place[place.index(after: end)...]
      return (String(place[place.index(after: place.startIndex)..<end]), String(after.drop { $0 == ":" }))
    }
    guard let colon = place.lastIndex(of: ":") else { return (place, "") }
    return (String(place[..<colon]), String(place[place.index(after: colon)...]))
  }

  /// The address as the user writes it.
  public var description: String {
    switch self {
    case .unix(let path): "unix://" + path
    case .network(let host, let port, let tls):
      (tls == nil ? "tcp://" : "https://") + (host.contains(":") ? "[\(host)]" : host) + ":\(port)"
    }
  }
}

/// The certificates for an engine with TLS.
public struct TLSFiles: Hashable, Sendable {
  /// The folder with `ca.pem`, `cert.pem` and `key.pem`.
  public var folder: String
  /// Whether the engine's certificate is verified.
  public var verifies: Bool

  /// Creates a value from a folder.
  public init(folder: String, verifies: Bool = true) {
    self.folder = folder
    self.verifies = verifies
  }
}
