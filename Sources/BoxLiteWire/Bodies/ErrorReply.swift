public import JSON

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
