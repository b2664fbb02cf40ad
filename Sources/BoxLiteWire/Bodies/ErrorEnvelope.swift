import JSON

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
