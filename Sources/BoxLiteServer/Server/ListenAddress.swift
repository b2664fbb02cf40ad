public import ExecModel

/// Where a server listens.
public enum ListenAddress: Hashable, Sendable, CustomStringConvertible {
  /// A host's name or number, and a port; port 0 for any free one.
  case network(host: String, port: Int)
  /// A Unix socket.
  case unix(path: String)

  /// BoxLite's own port, on loopback only.
  public static let standard = ListenAddress.network(host: "127.0.0.1", port: 8100)

  /// Reads `HOST:PORT`, `[IPv6]:PORT` or `unix:PATH`.
  ///
  /// - Throws: ``TextValueError`` that says what to write.
  public init(text: String) throws(TextValueError) {
    if text.hasPrefix("unix:") {
      let path = String(text.dropFirst(5))
      // sun_path holds 108 bytes with its NUL (unix(7)).
      guard (1...107).contains(path.utf8.count) else {
        throw TextValueError("the socket's path must be 1 to 107 bytes long: '\(path)'")
      }
      self = .unix(path: path)
      return
    }
    guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else {
      throw TextValueError("'\(text)' is no address: write 127.0.0.1:8100, [::1]:8100 or unix:PATH")
    }
    var host = text[..<colon]
    if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
    guard !host.isEmpty else { throw TextValueError("'\(text)' has no host: write 127.0.0.1:\(port)") }
    self = .network(host: String(host), port: Int(port))
  }

  /// Whether only processes of this machine can reach it.
  ///
  /// By the written name: a name that is looked up may answer with anything.
  public var isLocal: Bool {
    switch self {
    case .unix: true
    case .network(let host, _): host == "::1" || host == "localhost" || Self.isLoopback(host)
    }
  }

  /// 127.0.0.0/8 (RFC 1122, section 3.2.1.3).
  private static func isLoopback(_ host: String) -> Bool {
    let parts = host.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
  }

  /// The address as ``init(text:)`` reads it.
  public var description: String {
    switch self {
    case .unix(let path): "unix:\(path)"
    case .network(let host, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }
  }
}
