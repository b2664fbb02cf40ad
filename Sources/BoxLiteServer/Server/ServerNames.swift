import Glibc

/// The host names of a server without a key: a request with another name was directed here by a
/// name that is not ours.
struct ServerNames: Hashable, Sendable {
  private let host: String
  private let isEverywhere: Bool
  private let description: String

  /// The names of a server at an address; nil for a Unix socket, which has none.
  init?(_ address: ListenAddress) {
    guard case .network(let host, _) = address else { return nil }
    self.host = host.lowercased()
    isEverywhere = ["0.0.0.0", "::"].contains(host)
    description = address.description
  }

  /// Why a request with these `Host` fields is refused; nil when it names this server.
  func objection(to fields: [String]) -> String? {
    guard fields.count == 1, let field = fields.first else {
      return "a server without a key requires exactly one Host header, \(description) or localhost"
    }
    guard !isOurs(Self.name(in: field)) else { return nil }
    return """
      a server without a key answers only to the Host \(description) or localhost, not to \
      '\(field.prefix(200))': use the address, or give the server a key
      """
  }

  /// A field without its port (RFC 9110, section 7.2), in lower case.
  static func name(in field: String) -> String {
    let text = field.lowercased()
    if text.hasPrefix("["), let end = text.firstIndex(of: "]") {
      return String(text[text.index(after: text.startIndex)..<end])
    }
    guard let colon = text.lastIndex(of: ":"), text[text.index(after: colon)...].allSatisfy(\.isNumber) else {
      return text
    }
    return String(text[..<colon])
  }

  private func isOurs(_ name: String) -> Bool {
    if ListenAddress.network(host: name, port: 0).isLocal || name == host { return true }
    // A server on all interfaces has many addresses; any address is accepted, but no foreign name.
    return isEverywhere && (Self.isNumeric(name) || name == Self.ownName)
  }

  private static func isNumeric(_ name: String) -> Bool {
    // The size of an in6_addr, the larger of the two.
    var space = [UInt8](repeating: 0, count: 16)
    return inet_pton(AF_INET, name, &space) == 1 || inet_pton(AF_INET6, name, &space) == 1
  }

  /// This machine's host name; empty, which no request names, when it has none.
  private static let ownName: String = {
    var bytes = [UInt8](repeating: 0, count: 256)
    let isKnown = bytes.withUnsafeMutableBytes { space in
      space.bindMemory(to: CChar.self).baseAddress.map { gethostname($0, 255) == 0 } ?? false
    }
    return isKnown ? String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self).lowercased() : ""
  }()
}
