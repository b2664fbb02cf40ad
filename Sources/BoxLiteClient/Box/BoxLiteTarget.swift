public import ExecModel

/// A box on a BoxLite server, or one execution in it, as the user writes it.
public struct BoxLiteTarget: Hashable, Sendable, CustomStringConvertible {
  /// The server.
  public let endpoint: Endpoint
  /// The box's identifier or name.
  public let box: String
  /// The execution's identifier; nil for the box itself.
  public let execution: String?

  /// The ports of BoxLite's API and of HTTPS.
  private static let ports = (plain: 8100, encrypted: 443)
  private static let shape = "write boxlite://HOST:PORT/BOX, or boxlite://HOST:PORT/BOX/EXECUTION"

  /// Creates a target from valid parts.
  public init(endpoint: Endpoint, box: String, execution: String? = nil) {
    (self.endpoint, self.box, self.execution) = (endpoint, box, execution)
  }

  /// Whether a text is meant as a target; ``init(text:)`` reports other errors in it.
  public static func isMeant(by text: String) -> Bool {
    text.hasPrefix("boxlite://") || text.hasPrefix("boxlites://") || text.hasPrefix("boxlite+unix:")
  }

  /// Parses `boxlite://HOST[:PORT]/BOX[/EXECUTION]`, `boxlites://…` (TLS) or
  /// `boxlite+unix:PATH:/BOX[/EXECUTION]`.
  ///
  /// - Throws: ``/ExecModel/TextValueError`` that says what to write.
  public init(text: String) throws(TextValueError) {
    guard Self.isMeant(by: text) else { throw TextValueError("'\(text)' is not a BoxLite address; \(Self.shape)") }
    let names: Substring
    if text.hasPrefix("boxlite+unix:") {
      let rest = text.dropFirst("boxlite+unix:".count)
      guard let end = rest.lastRange(of: ":/") else {
        throw TextValueError("'\(text)' does not name a box; use boxlite+unix:PATH:/BOX")
      }
      endpoint = try Self.socket(String(rest[..<end.lowerBound]))
      names = rest[end.upperBound...]
    } else {
      let (server, path) = try Self.network(text)
      endpoint = server
      names = path.dropFirst()
    }
    (box, execution) = try Self.names(names, in: text)
  }

  /// Parses a server's address, without a box: `boxlite://HOST[:PORT]`, `boxlites://…` or
  /// `boxlite+unix:PATH`.
  ///
  /// - Throws: ``/ExecModel/TextValueError`` that says what to write.
  public static func server(text: String) throws(TextValueError) -> Endpoint {
    guard isMeant(by: text) else {
      throw TextValueError(
        "'\(text)' is not the address of a BoxLite server; use boxlite://HOST:PORT, boxlites://… or boxlite+unix:PATH")
    }
    if text.hasPrefix("boxlite+unix:") { return try socket(String(text.dropFirst("boxlite+unix:".count))) }
    let (endpoint, path) = try network(text)
    guard path.allSatisfy({ $0 == "/" }) else {
      throw TextValueError("'\(text)' names more than a server; use \(text.dropLast(path.count))")
    }
    return endpoint
  }

  /// The server of a network address, and the rest from the first slash on.
  private static func network(_ text: String) throws(TextValueError) -> (Endpoint, path: Substring) {
    let isEncrypted = text.hasPrefix("boxlites:")
    let rest = text.dropFirst(isEncrypted ? 11 : 10)
    let slash = rest.firstIndex(of: "/") ?? rest.endIndex
    return (try host(rest[..<slash], isEncrypted), rest[slash...])
  }

  private static func socket(_ path: String) throws(TextValueError) -> Endpoint {
    // sun_path holds 108 bytes with its NUL (unix(7)).
    guard (1...107).contains(path.utf8.count) else {
      throw TextValueError("the socket's path must be 1 to 107 bytes long: '\(path)'")
    }
    return .unix(path: path)
  }

  private static func host(_ text: Substring, _ isEncrypted: Bool) throws(TextValueError) -> Endpoint {
    guard !text.contains("@") else {
      throw TextValueError("an address cannot contain a key: set $BOXLITE_API_KEY")
    }
    var (host, port) = (text, isEncrypted ? ports.encrypted : ports.plain)
    if let colon = text.lastIndex(of: ":"), !text.hasSuffix("]") {
      guard let number = UInt16(text[text.index(after: colon)...]), number > 0 else {
        throw TextValueError("'\(text)' has no port from 1 to 65535")
      }
      (host, port) = (text[..<colon], Int(number))
    }
    if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
    guard !host.isEmpty, host.utf8.allSatisfy(Self.isHostByte) else {
      throw TextValueError("'\(text)' is not a host; \(shape)")
    }
    return .network(host: String(host), port: port, tls: isEncrypted)
  }

  private static func names(_ text: Substring, in whole: String) throws(TextValueError) -> (String, String?) {
    var parts = text.split(separator: "/", omittingEmptySubsequences: false)
    if parts.last == "" { parts.removeLast() }
    guard (1...2).contains(parts.count) else {
      throw TextValueError("'\(whole)' names \(parts.isEmpty ? "no box" : "too much"): \(shape)")
    }
    for part in parts where !part.utf8.allSatisfy(Self.isNameByte) || part.isEmpty || part.allSatisfy({ $0 == "." }) {
      throw TextValueError(
        "'\(part)' is not the name of a box or an execution; use letters, digits, '.', '_' and '-' only")
    }
    return (String(parts[0]), parts.count == 2 ? String(parts[1]) : nil)
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte) || [45, 46, 95].contains(byte)
  }

  /// A byte of a name, or of an IPv6 address with its zone.
  private static func isHostByte(_ byte: UInt8) -> Bool { isNameByte(byte) || byte == 58 || byte == 37 }

  /// The address as ``init(text:)`` reads it.
  public var description: String {
    let names = "/" + box + (execution.map { "/" + $0 } ?? "")
    return switch endpoint {
    case .network(_, _, let tls): "\(tls ? "boxlites" : "boxlite")://\(endpoint)\(names)"
    case .unix(let path): "boxlite+unix:\(path):\(names)"
    }
  }
}

extension Substring {
  /// The last occurrence of a short text.
  fileprivate func lastRange(of text: String) -> Range<Index>? {
    var start = endIndex
    while start > startIndex {
      start = index(before: start)
      if self[start...].hasPrefix(text) { return start..<index(start, offsetBy: text.count) }
    }
    return nil
  }
}
