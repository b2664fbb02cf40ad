public import JSON

/// A text frame from a client.
public enum ClientControl: Hashable, Sendable {
  /// The input ends after what was sent.
  case endOfInput
  /// The terminal's new size.
  case resize(ResizeBody)
  /// A signal to send.
  case signal(SignalBody)

  /// Reads a frame's text.
  ///
  /// - Parameter signals: those that may be sent.
  /// - Throws: ``JSONError`` that says what is wrong with it; the connection stays.
  public init(text: [UInt8], signals: [Int32] = SignalBody.standard) throws(JSONError) {
    let object = try JSONObject(body: text)
    switch try object.requiredString("type") {
    case "stdin_eof": self = .endOfInput
    case "resize": self = .resize(try ResizeBody(object))
    case "signal": self = .signal(try SignalBody(object, field: "sig", signals))
    case let type: throw JSONError("unknown frame type '\(type.prefix(40))'")
    }
  }

  /// The frame's text.
  public var text: String {
    switch self {
    case .endOfInput: JSONValue.object([JSONMember("type", .string("stdin_eof"))]).text
    case .resize(let size):
      JSONValue.object([
        JSONMember("type", .string("resize")), JSONMember("rows", .integer(Int64(size.rows))),
        JSONMember("cols", .integer(Int64(size.columns))),
      ]).text
    case .signal(let signal):
      JSONValue.object([JSONMember("type", .string("signal")), JSONMember("sig", .integer(Int64(signal.number)))]).text
    }
  }

  /// The frame's type word, by which refusals are told apart.
  public var type: String {
    switch self {
    case .endOfInput: "stdin_eof"
    case .resize: "resize"
    case .signal: "signal"
    }
  }
}
