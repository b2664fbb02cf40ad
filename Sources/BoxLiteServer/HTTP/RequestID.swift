import NIOHTTP1

/// What a request is called in its answer and in logs.
enum RequestID {
  /// The client's own, when it can stand in a header, else a new one.
  static func of(_ head: HTTPRequestHead) -> String {
    if let text = head.headers.first(name: "x-request-id"), (1...128).contains(text.utf8.count),
      text.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
    {
      return text
    }
    return new()
  }

  /// A new one.
  static func new() -> String { String(UInt64.random(in: .min ... .max), radix: 16) }
}
