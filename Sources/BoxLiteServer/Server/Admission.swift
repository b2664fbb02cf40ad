import BoxLiteWire
import NIOHTTP1

/// Which requests a server answers: those that show its key; without a key, those that name this very server.
///
/// Without a key those are answered whom ``PeerCheck`` lets in, but no page in a browser of theirs: it reaches loopback
/// too. It says where it comes from when it asks another origin (RFC 6454, section 7.3), and by which name when
/// its own name was made to lead here (DNS rebinding); no BoxLite client does either.
struct Admission: Sendable {
  private let key: AccessKey?
  /// The names the server goes by; nil where any will do.
  private let names: ServerNames?
  private let demand: String

  /// - Parameter demand: the refusal's words for a client that does not show the key.
  init(key: String?, at address: ListenAddress, demand: String = standardDemand) {
    self.key = key.map(AccessKey.init)
    self.demand = demand
    names = key == nil ? ServerNames(address) : nil
  }

  static let standardDemand = "this server needs its key: Authorization: Bearer KEY"

  /// Why a request with these headers is not answered; nil when it is.
  ///
  /// - Parameter isOpen: whether the route needs no key.
  func refusal(of headers: HTTPHeaders, isOpen: Bool = false) -> ErrorReply? {
    if let key {
      return isOpen || key.accepts(headers.first(name: "authorization"))
        ? nil : ErrorReply(.unauthenticated, demand)
    }
    if let words = names?.objection(to: headers[canonicalForm: "host"].map(String.init)) {
      return ErrorReply(.permissionDenied, words)
    }
    return !isOpen && headers.contains(name: "origin")
      ? ErrorReply(
        .permissionDenied, "a server without a key answers no pages of browsers: it was asked with an Origin")
      : nil
  }
}
