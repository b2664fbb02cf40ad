public import JSON

/// The kind of an error, from the protocol's table of status, type and code.
public enum ErrorKind: Hashable, Sendable, CaseIterable {
  /// The request is invalid.
  case invalidArgument
  /// The request is valid, but not for this box.
  case unsupported
  /// The key is missing or wrong.
  case unauthenticated
  /// The client lacks the permission.
  case permissionDenied
  /// Not found.
  case notFound
  /// The path exists, the method does not.
  case wrongMethod
  /// The name is already used.
  case alreadyExists
  /// Not possible in this state.
  case invalidState
  /// The box is stopped.
  case stopped
  /// The command could not be started.
  case executionFailed
  /// A limit was reached.
  case resourceExhausted
  /// The body or a header is larger than the limit.
  case tooLarge
  /// The server cannot store the record.
  case storage
  /// The server behind this one cannot be reached.
  case upstreamUnavailable
  /// An internal error of the server.
  case `internal`

  /// The HTTP status, the type and the code.
  public var words: (status: Int, type: String, code: String) {
    switch self {
    case .invalidArgument: (400, "InvalidArgumentError", "invalid_argument")
    case .unsupported: (400, "UnsupportedError", "unsupported")
    case .unauthenticated: (401, "AuthError", "unauthenticated")
    case .permissionDenied: (403, "AuthError", "permission_denied")
    case .notFound: (404, "NotFoundError", "not_found")
    case .wrongMethod: (405, "InvalidArgumentError", "invalid_argument")
    case .alreadyExists: (409, "AlreadyExistsError", "already_exists")
    case .invalidState: (409, "InvalidStateError", "invalid_state")
    case .stopped: (409, "StoppedError", "stopped")
    case .executionFailed: (422, "ExecutionError", "execution_failed")
    case .resourceExhausted: (429, "ResourceExhaustedError", "resource_exhausted")
    case .tooLarge: (413, "InvalidArgumentError", "invalid_argument")
    case .storage: (500, "StorageError", "storage_error")
    case .upstreamUnavailable: (503, "UpstreamUnavailableError", "upstream_unavailable")
    case .internal: (500, "InternalError", "internal")
    }
  }
}

/// An error as a client parses it: `{"error":{…}}`, or the flat form of older servers.
public struct ErrorEnvelope: Hashable, Sendable {
  /// One line for the user.
  public var message: String
  /// The code's word; nil when there is none, or when it is the numeric HTTP status of older
  /// servers.
  public var code: String?

  /// Parses an answer's body; nil when it is not a readable error.
  public init?(body: [UInt8]) {
    guard let object = try? JSONObject(body: body) else { return nil }
    let inner = (try? object.object("error")) ?? object
    guard let message = try? inner.string("message") else { return nil }
    self.message = message
    code = try? inner.string("code")
  }
}

/// An error as the server sends it.
public struct ErrorReply: Error, Hashable, Sendable {
  /// The kind.
  public var kind: ErrorKind
  /// One line for the user.
  public var message: String

  /// Creates an error.
  public init(_ kind: ErrorKind, _ message: String) {
    self.kind = kind
    self.message = message
  }

  /// The envelope `{"error":{…}}`.
  public func json(requestID: String?) -> JSONValue {
    let words = kind.words
    var members = [
      JSONMember("message", .string(message)), JSONMember("type", .string(words.type)),
      JSONMember("code", .string(words.code)),
    ]
    if let requestID { members.append(JSONMember("request_id", .string(requestID))) }
    return .object([JSONMember("error", .object(members))])
  }
}
