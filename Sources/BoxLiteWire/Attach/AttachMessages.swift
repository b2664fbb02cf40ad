public import JSON

/// The first byte of a binary frame from the server: the stream of the payload.
public enum OutputChannel: UInt8, Hashable, Sendable, CaseIterable {
  /// Standard output; with a terminal, all output.
  case stdout = 1
  /// Standard error.
  case stderr = 2
}

/// A text frame from the server.
public enum ServerMessage: Hashable, Sendable {
  /// The end: later frames do not count.
  case exit(code: Int32)
  /// An error message; the connection stays open.
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

  /// Parses a frame's text; nil for an unknown type, which a client ignores.
  ///
  /// An exit without a code is −1, as in BoxLite's clients.
  ///
  /// - Throws: ``/JSON/JSONError`` for text that is not such an object.
  public init?(text: [UInt8]) throws(JSONError) {
    let object = try JSONObject(body: text)
    switch try object.string("type") {
    case "exit": self = .exit(code: Int32(clamping: try object.integer("exit_code") ?? -1))
    case "error": self = .error(message: try object.string("message") ?? "", code: try object.string("code") ?? "")
    default: return nil
    }
  }
}

/// A text frame from a client.
public enum ClientControl: Hashable, Sendable {
  /// The end of the input.
  case endOfInput
  /// The terminal's new size.
  case resize(ResizeBody)
  /// A signal to send.
  case signal(SignalBody)

  /// Parses a frame's text.
  ///
  /// - Parameters:
  ///   - text: the payload of a text frame.
  ///   - signals: the allowed signals.
  /// - Throws: ``/JSON/JSONError`` that says what is wrong with it; the connection stays open.
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

  /// The frame's type, by which refusals are distinguished.
  public var type: String {
    switch self {
    case .endOfInput: "stdin_eof"
    case .resize: "resize"
    case .signal: "signal"
    }
  }
}

/// Where output may be split into frames: clients decode each frame separately as lossy UTF-8.
public enum FrameCut {
  /// The maximum payload of a frame: 64 KiB.
  public static let maximum = 65_536

  /// The number of leading bytes that can be sent without splitting the character at their end.
  ///
  /// At most three bytes are held back, and only if they start a character that the next bytes
  /// could complete; invalid UTF-8 is never held back. 0 when all bytes are such a start.
  public static func length(_ bytes: UnsafeRawBufferPointer) -> Int {
    let count = bytes.count
    for back in 1...3 where back <= count {
      let byte = bytes[count - back]
      // A continuation byte: the start is further left.
      if byte & 0xC0 == 0x80 { continue }
      return expected(byte) > back && isPossible(byte, bytes[(count - back + 1)...]) ? count - back : count
    }
    return count
  }

  /// The length of the character that `first` starts; 1 for ASCII and for an invalid first byte
  /// (RFC 3629).
  private static func expected(_ first: UInt8) -> Int {
    switch first {
    case 0xC2...0xDF: 2
    case 0xE0...0xEF: 3
    case 0xF0...0xF4: 4
    default: 1
    }
  }

  /// Whether the second byte, if present, can follow the first (RFC 3629, section 4).
  private static func isPossible(_ first: UInt8, _ rest: Slice<UnsafeRawBufferPointer>) -> Bool {
    guard let second = rest.first else { return true }
    switch first {
    case 0xE0: return second >= 0xA0
    case 0xED: return second <= 0x9F
    case 0xF0: return second >= 0x90
    case 0xF4: return second <= 0x8F
    default: return true
    }
  }
}

/// The query parameters of an attach request.
public struct AttachQuery: Hashable, Sendable {
  /// Whether the client may write; every kind of input is refused to a reader.
  public var allowsInput = true
  /// The offset of the first byte of each stream that the client lacks; nil when not given.
  public var from: (stdout: UInt64, stderr: UInt64)? {
    guard stdout != nil || stderr != nil else { return nil }
    return (stdout ?? 0, stderr ?? 0)
  }
  private var stdout: UInt64?
  private var stderr: UInt64?

  /// Creates a query; offsets are sent only to servers that support them.
  public init(allowsInput: Bool = true, from: (stdout: UInt64, stderr: UInt64)? = nil) {
    self.allowsInput = allowsInput
    (stdout, stderr) = (from?.stdout, from?.stderr)
  }

  /// The query in the form that ``init(_:)`` parses, with its `?`; empty when it has only defaults.
  public var text: String {
    var pairs = allowsInput ? [] : ["stdin=0"]
    if let stdout { pairs.append("from_stdout=\(stdout)") }
    if let stderr { pairs.append("from_stderr=\(stderr)") }
    return pairs.isEmpty ? "" : "?" + pairs.joined(separator: "&")
  }

  /// Parses a query, the part of the target after `?`.
  ///
  /// - Throws: ``/JSON/JSONError`` for an invalid value.
  public init(_ query: Substring) throws(JSONError) {
    for pair in query.split(separator: "&") {
      let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let value = parts.count == 2 ? parts[1] : ""
      switch parts[0] {
      case "stdin": allowsInput = try Self.flag(value)
      case "from_stdout": stdout = try Self.offset("from_stdout", value)
      case "from_stderr": stderr = try Self.offset("from_stderr", value)
      default: break
      }
    }
  }

  private static func flag(_ value: Substring) throws(JSONError) -> Bool {
    switch value {
    case "1", "true": true
    case "0", "false": false
    default: throw JSONError("query 'stdin' must be 0, 1, false or true")
    }
  }

  private static func offset(_ name: String, _ value: Substring) throws(JSONError) -> UInt64 {
    guard let number = UInt64(value) else { throw JSONError("query '\(name)' must be a number of bytes") }
    return number
  }
}
