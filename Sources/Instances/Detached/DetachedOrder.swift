import ExecModel
import HostBoxes
package import JSON
package import Jobs
import Journal
package import SystemPackage

/// The commands for a background boxwatch, passed through its standard input so that no process
/// list shows them.
package struct DetachedOrder: Hashable, Sendable {
  /// The configuration file, if one was given.
  package let config: String?
  /// The key of `--api-key`.
  package let key: String?
  /// The commands.
  package let requests: [ExecutionRequest]

  /// Makes the order of `boxwatch run --detach`.
  package init(config: String?, key: String? = nil, _ requests: [ExecutionRequest]) {
    self.config = config
    self.key = key
    self.requests = requests
  }

  /// The order as JSON.
  package func encoded() -> [UInt8] {
    let order = JSONValue.object([
      "config": config.map(JSONValue.string), "key": key.map(JSONValue.string),
      "requests": .array(requests.map(\.json)),
    ])
    return Array(order.text.utf8)
  }

  /// Decodes what ``encoded()`` produced.
  ///
  /// - Throws: ``/JSON/JSONError`` that names the field.
  package init(decoding bytes: [UInt8]) throws(JSONError) {
    let order = try JSONObject(try JSONValue(parsing: bytes), field: "order")
    config = try order.string("config")
    key = try order.string("key")
    requests = try order.requiredArray("requests").objects("requests").mapEach(ExecutionRequest.init(json:))
  }
}

extension ExecutionRequest {
  fileprivate var json: JSONValue { .object(["box": .string(box), "spec": spec.json, "sandbox": sandbox.json]) }

  fileprivate init(json object: JSONObject) throws(JSONError) {
    self.init(
      box: try object.requiredString("box"), spec: try ExecutionSpec(json: try object.requiredObject("spec")),
      sandbox: try SandboxOptions(json: try object.requiredObject("sandbox")))
  }
}

/// A background boxwatch's reply to the process that started it, once its commands run or have
/// failed.
package struct DetachedReply: Hashable, Sendable {
  /// One command.
  package struct Execution: Hashable, Sendable {
    /// Its identifier.
    package let id: String
    /// Why it could not be started, in one line.
    package var error: String?
    /// 0, or the status of a command that could not be started: 126 or 127.
    package let code: Int32
  }

  /// The commands, in the given order.
  package let executions: [Execution]
  /// Why nothing is running, in one line.
  package let failure: String?

  /// Makes a reply, or the failure of the whole start.
  package init(executions: [Execution] = [], failure: String? = nil) {
    self.executions = executions
    self.failure = failure
  }

  /// The reply as JSON.
  package func encoded() -> [UInt8] {
    let reply = JSONValue.object([
      "executions": .array(executions.map(\.json)), "failure": failure.map(JSONValue.string),
    ])
    return Array(reply.text.utf8)
  }

  /// Decodes what ``encoded()`` produced.
  ///
  /// - Throws: ``/JSON/JSONError`` that names the field.
  package init(decoding bytes: [UInt8]) throws(JSONError) {
    let reply = try JSONObject(try JSONValue(parsing: bytes), field: "reply")
    executions = try reply.array("executions").objects("executions").mapEach(Execution.init(json:))
    failure = try reply.string("failure")
  }
}

extension DetachedReply.Execution {
  fileprivate var json: JSONValue {
    .object(["id": .string(id), "error": error.map(JSONValue.string), "code": .integer(Int64(code))])
  }

  fileprivate init(json object: JSONObject) throws(JSONError) {
    self.init(
      id: try object.requiredString("id"), error: try object.string("error"),
      code: Int32(try object.requiredInteger("code", in: 0...255)))
  }
}

/// Reads a descriptor completely.
package enum DescriptorBytes {
  /// Reads to end of file.
  ///
  /// - Throws: `Errno`.
  package static func readAll(_ descriptor: FileDescriptor) throws -> [UInt8] {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 64 << 10)
    while true {
      let count = try chunk.withUnsafeMutableBytes { try descriptor.read(into: $0) }
      guard count > 0 else { return bytes }
      bytes += chunk[..<count]
    }
  }
}
