import NIOHTTP1

extension HTTPRequestHead {
  /// The length that a request says its body has; nil for none, and for one that comes in chunks.
  var announcedLength: Int? { headers.first(name: "content-length").flatMap { Int($0) } }

  /// Whether a body follows (RFC 9112, section 6.3).
  var announcesBody: Bool { headers.contains(name: "transfer-encoding") || (announcedLength ?? 0) > 0 }

  /// Whether the client sends its body only when it is told to go on (RFC 9110, section 10.1.1).
  var expectsContinue: Bool {
    version == .http1_1 && headers[canonicalForm: "expect"].contains { $0.lowercased() == "100-continue" }
  }
}
