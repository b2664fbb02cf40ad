import FoundationEssentials

/// What a background boxwatch tells who started it, once its commands run or cannot.
struct DetachedReply: Codable, Hashable, Sendable {
  /// One command.
  struct Execution: Codable, Hashable, Sendable {
    var id: String
    /// Why it could not be started, in one line.
    var error: String?
    /// 0, or the status of a command that could not be started: 126 or 127.
    var code: Int32
  }

  /// The commands, in the order in which they were given.
  var executions: [Execution] = []
  /// Why nothing runs, in one line.
  var failure: String?

  /// The reply as JSON.
  func encoded() throws -> [UInt8] { [UInt8](try JSONEncoder().encode(self)) }

  init(executions: [Execution] = [], failure: String? = nil) {
    self.executions = executions
    self.failure = failure
  }

  /// Reads what ``encoded()`` wrote.
  init(decoding bytes: [UInt8]) throws { self = try JSONDecoder().decode(DetachedReply.self, from: Data(bytes)) }
}
