public import BoxLiteWire
public import JSON
import NIOHTTP1

// The calls, one for each path.
extension RESTClient {
  /// The server's abilities; needs no key.
  public func config() throws(ClientError) -> ConfigReply { try read(send(.GET, "/v1/config"), ConfigReply.init) }

  /// The server's identity.
  public func me() throws(ClientError) -> MeReply { try read(send(.GET, "/v1/me"), MeReply.init) }

  /// Any answer, unparsed.
  ///
  /// - Parameter path: from the root, such as `/v1/metrics`.
  public func get(_ path: String) throws(ClientError) -> JSONValue {
    let body = try send(.GET, path)
    do throws(JSONError) { return try JSONValue(parsing: body) } catch {
      throw .nonsense(error.description, from: endpoint)
    }
  }

  /// All boxes.
  public func boxes() throws(ClientError) -> [BoxReply] {
    try read(send(.GET, "/v1/boxes")) { object throws(JSONError) in
      try object.array("boxes").objects("boxes").mapEach(BoxReply.init)
    }
  }

  /// Creates a box.
  public func createBox(_ body: CreateBoxBody) throws(ClientError) -> BoxReply {
    try read(send(.POST, "/v1/boxes", body.json, within: longPatience), BoxReply.init)
  }

  /// One box, by identifier or name.
  public func box(_ box: String) throws(ClientError) -> BoxReply {
    try read(send(.GET, Self.path(box: box)), BoxReply.init)
  }

  /// Starts a box.
  public func startBox(_ box: String) throws(ClientError) {
    try send(.POST, Self.path(box: box, "/start"), within: longPatience)
  }

  /// Stops a box.
  public func stopBox(_ box: String) throws(ClientError) {
    try send(.POST, Self.path(box: box, "/stop"), within: longPatience)
  }

  /// Removes a box; a running box only by force.
  public func removeBox(_ box: String, force: Bool) throws(ClientError) {
    try send(.DELETE, Self.path(box: box) + (force ? "?force=true" : ""), within: longPatience)
  }
}

// MARK: - Executions

extension RESTClient {
  /// Starts a command and returns its execution's identifier.
  public func exec(_ box: String, _ body: ExecBody) throws(ClientError) -> String {
    let answer = try send(.POST, Self.path(box: box, "/exec"), body.json, within: longPatience)
    return try read(answer) { object throws(JSONError) in try object.requiredString("execution_id") }
  }

  /// The state of an execution.
  public func execution(_ box: String, _ id: String) throws(ClientError) -> ExecutionReply {
    try read(send(.GET, Self.path(box: box, execution: id)), ExecutionReply.init)
  }

  /// The state of all executions of a box; a real BoxLite server has no such list and answers 404
  /// or 405.
  public func executions(_ box: String) throws(ClientError) -> [ExecutionReply] {
    let body = try send(.GET, Self.path(box: box, "/executions"))
    do throws(JSONError) {
      guard case .array(let values) = try JSONValue(parsing: body) else {
        throw JSONError("the answer is not a list of executions")
      }
      return try values.objects("executions").mapEach(ExecutionReply.init)
    } catch {
      throw .nonsense(error.description, from: endpoint)
    }
  }

  /// Sends a signal; a server takes only those of ``/BoxLiteWire/SignalBody/standard``.
  public func signal(_ box: String, _ id: String, _ number: Int32) throws(ClientError) {
    try send(.POST, Self.path(box: box, execution: id, "/signal"), SignalBody(number: number).json)
  }

  /// Resizes a command's terminal.
  public func resize(_ box: String, _ id: String, _ size: ResizeBody) throws(ClientError) {
    try send(.POST, Self.path(box: box, execution: id, "/resize"), size.json)
  }

  /// Kills a command.
  public func kill(_ box: String, _ id: String) throws(ClientError) {
    try send(.DELETE, Self.path(box: box, execution: id))
  }
}

/// A name as one segment of a path.
enum PathSegment {
  /// The name with every reserved character escaped (RFC 3986, section 2.3).
  static func escaped(_ name: String) -> String {
    var text = ""
    for byte in name.utf8 {
      switch byte {
      case 48...57, 65...90, 97...122, 45, 46, 95, 126: text.unicodeScalars.append(Unicode.Scalar(byte))
      default: text += "%" + String(0x100 + Int(byte), radix: 16, uppercase: true).dropFirst()
      }
    }
    return text
  }
}
