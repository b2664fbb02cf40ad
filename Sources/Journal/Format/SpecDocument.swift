package import ExecModel
package import JSON

/// The contents of `spec.json`: the identity and the spec.
struct SpecDocument: Hashable, Sendable {
  /// The file's name in the journal's folder.
  static let fileName = "spec.json"
  /// A valid spec is shorter: Linux takes at most 6 MiB of arguments and environment (execve(2)), escaped sixfold.
  static let maximumLength: UInt64 = 64 << 20

  var identity: JournalIdentity
  var spec: ExecutionSpec

  init(identity: JournalIdentity, spec: ExecutionSpec) {
    self.identity = identity
    self.spec = spec
  }

  /// The document as one line of JSON.
  func encoded() -> [UInt8] {
    let identity = JSONValue.object([
      "id": .string(identity.id.description), "box": .string(identity.box), "created": .unsigned(identity.created),
      "watcher": .integer(Int64(identity.watcher)),
    ])
    return Array((JSONValue.object(["identity": identity, "spec": spec.json]).text + "\n").utf8)
  }

  /// Decodes what ``encoded()`` wrote.
  ///
  /// - Throws: ``/JSON/JSONError`` that names the field.
  init(decoding bytes: [UInt8]) throws(JSONError) {
    let document = try JSONObject(try JSONValue(parsing: bytes), field: "spec.json")
    let identity = try document.requiredObject("identity")
    guard let id = ExecutionID(try identity.requiredString("id")) else {
      throw JSONError("field 'id' must be the ID of an execution")
    }
    self.identity = JournalIdentity(
      id: id, box: try identity.requiredString("box"), created: try identity.required("created"),
      watcher: try identity.required("watcher"))
    spec = try ExecutionSpec(json: try document.requiredObject("spec"))
  }
}

// A choice is written as an object with one member, as every record has it: {"untilIdle":{"grace":…,"limit":…}}. A value
// without a name in the choice is `_0`.

extension ExecutionSpec {
  /// The spec as JSON; members without a value are left out.
  package var json: JSONValue {
    .object([
      "command": .array(command.map(JSONValue.string)), "name": name.map(JSONValue.string),
      "environment": .array(environment.map(\.json)), "workingDirectory": workingDirectory.map(JSONValue.string),
      "user": user.map(JSONValue.string), "input": input.json, "terminal": terminal?.json,
      "timeLimit": timeLimit?.json, "killGrace": killGrace.json, "drain": drain.json, "keep": keep.json,
      "clientBox": clientBox?.json,
      "recordFailure": onRecordFailure == .wait ? nil : .string(onRecordFailure.rawValue),
    ])
  }

  /// Reads what ``json`` wrote.
  ///
  /// - Throws: ``/JSON/JSONError`` that names the field.
  package init(json object: JSONObject) throws(JSONError) {
    let environment = try object.requiredArray("environment").objects("environment")
    self.init(
      command: try object.requiredStrings("command"), name: try object.string("name"),
      environment: try environment.mapEach(EnvironmentVariable.init(json:)),
      workingDirectory: try object.string("workingDirectory"), user: try object.string("user"),
      input: try Input(json: try object.requiredObject("input")),
      terminal: try object.object("terminal").map(TerminalSize.init(json:)),
      timeLimit: try object.duration("timeLimit"), killGrace: try object.requiredDuration("killGrace"),
      drain: try DrainPolicy(json: try object.requiredObject("drain")),
      keep: try JournalLimit(json: try object.requiredObject("keep")),
      clientBox: try object.object("clientBox").map(ClientBox.init(json:)),
      onRecordFailure: try Self.recordFailure(object))
  }

  /// Missing in specs of older versions.
  private static func recordFailure(_ object: JSONObject) throws(JSONError) -> RecordFailurePolicy {
    guard let text = try object.string("recordFailure") else { return .wait }
    guard let policy = RecordFailurePolicy(rawValue: text) else {
      throw JSONError("field 'recordFailure' must be wait, stop or go-on")
    }
    return policy
  }
}

extension EnvironmentVariable {
  fileprivate var json: JSONValue { .object(["name": .string(name), "value": .string(value)]) }

  fileprivate init(json object: JSONObject) throws(JSONError) {
    self.init(name: try object.requiredString("name"), value: try object.requiredString("value"))
  }
}

extension ExecutionSpec.Input {
  fileprivate var json: JSONValue {
    switch self {
    case .closed: .object(["closed": .object([])])
    case .pipe: .object(["pipe": .object([])])
    case .file(let path): .object(["file": .object(["_0": .string(path)])])
    }
  }

  fileprivate init(json object: JSONObject) throws(JSONError) {
    let (name, members) = try object.choice("input")
    switch name {
    case "closed": self = .closed
    case "pipe": self = .pipe
    case "file": self = .file(try members.requiredString("_0"))
    default: throw JSONError("field 'input' must be closed, pipe or file")
    }
  }
}

extension TerminalSize {
  fileprivate var json: JSONValue { .object(["rows": .integer(Int64(rows)), "columns": .integer(Int64(columns))]) }

  fileprivate init(json object: JSONObject) throws(JSONError) {
    self.init(rows: try object.required("rows"), columns: try object.required("columns"))
  }
}

extension DrainPolicy {
  fileprivate var json: JSONValue {
    switch self {
    case .untilEndOfStream: .object(["untilEndOfStream": .object([])])
    case .untilEmpty: .object(["untilEmpty": .object([])])
    case .untilIdle(let grace, let limit):
      .object(["untilIdle": .object(["grace": grace.json, "limit": limit.json])])
    }
  }

  fileprivate init(json object: JSONObject) throws(JSONError) {
    let (name, members) = try object.choice("drain")
    switch name {
    case "untilEndOfStream": self = .untilEndOfStream
    case "untilEmpty": self = .untilEmpty
    case "untilIdle":
      self = .untilIdle(grace: try members.requiredDuration("grace"), limit: try members.requiredDuration("limit"))
    default: throw JSONError("field 'drain' must be untilEndOfStream, untilEmpty or untilIdle")
    }
  }
}

extension JournalLimit {
  fileprivate var json: JSONValue {
    switch self {
    case .all: .object(["all": .object([])])
    case .bytes(let count): .object(["bytes": .object(["_0": .unsigned(count)])])
    }
  }

  fileprivate init(json object: JSONObject) throws(JSONError) {
    let (name, members) = try object.choice("keep")
    switch name {
    case "all": self = .all
    case "bytes": self = .bytes(try members.required("_0"))
    default: throw JSONError("field 'keep' must be all or bytes")
    }
  }
}

extension ClientBox {
  fileprivate var json: JSONValue {
    let labels = labels.sorted { $0.key < $1.key }.map { JSONMember($0.key, .string($0.value)) }
    return .object([
      "id": .string(id), "name": name.map(JSONValue.string), "image": .string(image), "labels": .object(labels),
    ])
  }

  fileprivate init(json object: JSONObject) throws(JSONError) {
    let labels = try object.textMap("labels").map { ($0.name, $0.value) }
    self.init(
      id: try object.requiredString("id"), name: try object.string("name"), image: try object.requiredString("image"),
      labels: Dictionary(labels) { _, last in last })
  }
}

// A duration is a number of attoseconds of 128 bits, as its upper and its lower half.
extension Duration {
  fileprivate var json: JSONValue {
    let count = attoseconds
    return .array([.integer(Int64(count >> 64)), .unsigned(UInt64(truncatingIfNeeded: count))])
  }
}

extension JSONObject {
  fileprivate func requiredDuration(_ name: String) throws(JSONError) -> Duration {
    guard let duration = try duration(name) else { throw JSONError("field '\(name)' is missing") }
    return duration
  }

  /// A duration; nil when it is missing or `null`.
  fileprivate func duration(_ name: String) throws(JSONError) -> Duration? {
    let halves = try array(name)
    guard !halves.isEmpty else { return nil }
    guard halves.count == 2, let upper = halves[0].integer, let lower = halves[1].unsigned else {
      throw JSONError("field '\(name)' must be the two halves of a duration")
    }
    return Duration(attoseconds: Int128(upper) << 64 | Int128(lower))
  }
}
