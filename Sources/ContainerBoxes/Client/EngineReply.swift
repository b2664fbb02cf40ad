import JSON

/// What an engine answered.
struct EngineReply: Sendable {
  /// The HTTP status.
  var status: Int
  /// The body, whole.
  var body: [UInt8] = []

  /// The body as JSON; nil when it is none.
  var json: JSONValue? { try? JSONValue(parsing: body) }

  /// What the engine says about a refusal; nil when it is no engine's way of saying it.
  var message: String? { json?["message"]?.string }
}
