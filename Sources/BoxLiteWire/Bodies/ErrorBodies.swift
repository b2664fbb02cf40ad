public import JSON

/// What went wrong, as the protocol's table of status, type and code has it.
public enum ErrorKind: Hashable, Sendable, CaseIterable {
  /// The request makes no sense.
  case invalidArgument
  /// The request makes sense, but not for this box.
  case unsupported
  /// The key is missing or wrong.
  case unauthenticated
  /// Who asks may not.
  case permissionDenied
  /// No such thing.
  case notFound
  /// The path is right, the method is not.
  case wrongMethod
  /// The name is taken.
  case alreadyExists
  /// Not in this state.
  case invalidState
  /// The box is stopped.
  case stopped
  /// The command could not be started.
  case executionFailed
  /// A limit is reached.
  case resourceExhausted
  /// The body or a header is larger than the limit.
  case tooLarge
  /// The server cannot keep the record.
  case storage
  /// The server behind this one cannot be asked.
  case upstreamUnavailable
  /// The server's own fault.
  case `internal`

  /// The HTTP status, the type's and the code's words.
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

/// An error as a client reads it: `{"error":{…}}`, or the flat form of older servers.
public struct ErrorEnvelope: Hashable, Sendable {
  /// One line for people.
  public var message: String
  /// The code's word; nil when there is none, or when it is the HTTP status as a number, as of old.
  public var code: String?

  /// Reads an answer's body; nil when it is no error that can be read.
  public init?(body: [UInt8]) {
    guard let object = try? JSONObject(body: body) else { return nil }
    let inner = (try? object.object("error")) ?? object
    guard let message = try? inner.string("message") else { return nil }
    self.message = message
    code = try? inner.string("code")
  }
}

/// An error as the server answers it.
public struct ErrorReply: Error, Hashable, Sendable {
  /// What kind.
  public var kind: ErrorKind
  /// One line for people.
  public var message: String

  /// Makes an error.
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
