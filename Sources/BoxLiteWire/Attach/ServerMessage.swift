public import JSON

/// A text frame from the server.
public enum ServerMessage: Hashable, Sendable {
  /// The end: nothing counts after it.
  case exit(code: Int32)
  /// A note; the connection stays.
  case error(message: String, code: String)

  /// The frame's text.
  public var text: String {
    switch self {
    case .exit(let code):
      JSONValue.object([JSONMember("type", .string("exit")), JSONMember("exit_code", .integer(Int64(code)))]).text
    case .error(let message, let code):
      JSONValue.object([
        JSONMember("type", .string("error")), JSONMember("message", .string(message)),
        JSONMember("code", .string(code)),
      ]).text
    }
  }

  /// Reads a frame's text; nil for a type that is not known, which a client ignores.
  ///
  /// An exit without a code is −1, as BoxLite's clients take it.
  ///
  /// - Throws: ``JSONError`` for text that is no such object.
  public init?(text: [UInt8]) throws(JSONError) {
    let object = try JSONObject(body: text)
    switch try object.string("type") {
    case "exit": self = .exit(code: Int32(clamping: try object.integer("exit_code") ?? -1))
    case "error": self = .error(message: try object.string("message") ?? "", code: try object.string("code") ?? "")
    default: return nil
    }
  }
}
