public import JSON

/// What a server says that it can do.
public struct ConfigReply: Hashable, Sendable {
  /// The server's name for itself, such as `boxwatch`; nil when it has none.
  public var server: String?
  /// Whether an attach may name the bytes that the client has: no reconnect repeats or loses any then.
  public var attachesAtOffsets = false
  /// Whether a box's executions can be listed.
  public var listsExecutions = false
  /// Whether any number of clients may attach with `stdin=0`.
  public var hasWatchers = false

  /// What every server can do.
  public init() {}

  /// Reads a server's answer; what it does not say, it cannot do.
  ///
  /// - Throws: ``JSONError`` for a value of another kind.
  public init(_ object: JSONObject) throws(JSONError) {
    server = try object.string("server")
    guard let capabilities = try object.object("capabilities") else { return }
    attachesAtOffsets = (try? capabilities.bool("attach_offsets")) ?? false
    listsExecutions = (try? capabilities.bool("list_executions")) ?? false
    hasWatchers = (try? capabilities.bool("watchers")) ?? false
  }
}
