import JSON
import NIOCore
import NIOHTTP1

/// One request: a method, a path below the API's version, and a body.
struct EngineRequest: Sendable {
  var method: HTTPMethod
  var path: String
  var body: JSONValue?
  /// How long the whole answer may take.
  var limit: TimeAmount = .seconds(10)
  /// Whether it may be sent again when a kept connection ended before the answer: nothing more than once is made.
  var isRepeatable = true
  /// Whether the connection becomes the command's own.
  var upgrades = false

  static func get(_ path: String) -> EngineRequest { EngineRequest(method: .GET, path: path) }

  static func post(_ path: String, _ body: JSONValue? = nil) -> EngineRequest {
    EngineRequest(method: .POST, path: path, body: body)
  }

  /// Writes it.
  func send(to channel: any Channel, host: String) {
    let bytes = body.map { Array($0.text.utf8) } ?? []
    var headers = HTTPHeaders([("Host", host), ("User-Agent", "boxwatch")])
    if method != .GET { headers.add(name: "Content-Length", value: String(bytes.count)) }
    if body != nil { headers.add(name: "Content-Type", value: "application/json") }
    if upgrades {
      headers.add(name: "Connection", value: "Upgrade")
      headers.add(name: "Upgrade", value: "tcp")
    }
    let head = HTTPRequestHead(version: .http1_1, method: method, uri: path, headers: headers)
    channel.write(HTTPClientRequestPart.head(head), promise: nil)
    if !bytes.isEmpty { channel.write(HTTPClientRequestPart.body(.byteBuffer(ByteBuffer(bytes: bytes))), promise: nil) }
    channel.writeAndFlush(HTTPClientRequestPart.end(nil), promise: nil)
  }

  /// A word as part of a path: everything but letters, digits and `-._~` escaped (RFC 3986).
  static func escaped(_ word: String) -> String {
    word.utf8.map { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
        UInt8(ascii: "~"):
        String(Unicode.Scalar(byte))
      default: "%" + String(0x100 | UInt16(byte), radix: 16, uppercase: true).dropFirst()
      }
    }.joined()
  }
}
