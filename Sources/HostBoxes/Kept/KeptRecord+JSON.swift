package import JSON

// The files of the kept boxes; a later boxwatch finds the boxes of an earlier one by the same members.
extension KeptRecord {
  /// The record as one line of JSON.
  func encoded() -> [UInt8] {
    let record = JSONValue.object([
      "name": .string(name), "created": .integer(created), "boot": .string(boot), "monitor": monitor.json,
      "first": first.json, "keeper": keeper.json, "options": options.json, "group": group.json,
    ])
    return Array((record.text + "\n").utf8)
  }

  /// Decodes what ``encoded()`` wrote.
  ///
  /// - Throws: ``/JSON/JSONError`` that names the field.
  init(decoding bytes: [UInt8]) throws(JSONError) {
    let record = try JSONObject(try JSONValue(parsing: bytes), field: "record")
    self.init(
      name: try record.requiredString("name"), created: try record.required("created"),
      boot: try record.requiredString("boot"), monitor: try ProcessIdentity(json: try record.requiredObject("monitor")),
      first: try ProcessIdentity(json: try record.requiredObject("first")),
      keeper: try ProcessIdentity(json: try record.requiredObject("keeper")),
      options: try SandboxOptions(json: try record.requiredObject("options")),
      group: try Cgroup(json: try record.requiredObject("group")))
  }
}

extension ProcessIdentity {
  fileprivate var json: JSONValue {
    .object(["processIdentifier": .integer(Int64(processIdentifier)), "startTime": .unsigned(startTime)])
  }

  fileprivate init(json object: JSONObject) throws(JSONError) {
    self.init(
      processIdentifier: try object.required("processIdentifier"), startTime: try object.required("startTime"))
  }
}

extension SandboxOptions {
  /// The options as JSON; limits that are not set are left out.
  package var json: JSONValue {
    .object(["binds": .array(binds.map(\.json)), "hasNetwork": .bool(hasNetwork), "limits": limits.json])
  }

  /// Reads what ``json`` wrote.
  ///
  /// - Throws: ``/JSON/JSONError`` that names the field.
  package init(json object: JSONObject) throws(JSONError) {
    self.init(
      binds: try object.requiredArray("binds").objects("binds").mapEach(SandboxBind.init(json:)),
      hasNetwork: try object.requiredBool("hasNetwork"),
      limits: try BoxLimits(json: try object.requiredObject("limits")))
  }
}

extension SandboxBind {
  fileprivate var json: JSONValue {
    .object(["source": .string(source), "target": .string(target), "isReadOnly": .bool(isReadOnly)])
  }

  fileprivate init(json object: JSONObject) throws(JSONError) {
    self.init(
      source: try object.requiredString("source"), target: try object.requiredString("target"),
      isReadOnly: try object.requiredBool("isReadOnly"))
  }
}

extension BoxLimits {
  fileprivate var json: JSONValue {
    .object([
      "memory": memory.map(JSONValue.unsigned), "milliProcessors": milliProcessors.map { .integer(Int64($0)) },
      "processes": processes.map { .integer(Int64($0)) },
    ])
  }

  fileprivate init(json object: JSONObject) throws(JSONError) {
    self.init(
      memory: try object.optional("memory"), milliProcessors: try object.optional("milliProcessors"),
      processes: try object.optional("processes"))
  }
}

extension Cgroup {
  fileprivate var json: JSONValue { .object(["folders": .array(folders.map(\.json))]) }

  fileprivate init(json object: JSONObject) throws(JSONError) {
    folders = try object.requiredArray("folders").objects("folders").mapEach(Folder.init(json:))
  }
}

extension Cgroup.Folder {
  fileprivate var json: JSONValue {
    .object([
      "path": .string(path), "version": .integer(Int64(version.rawValue)),
      "controllers": .array(controllers.map { .string($0.rawValue) }),
    ])
  }

  fileprivate init(json object: JSONObject) throws(JSONError) {
    let names = try object.requiredStrings("controllers")
    guard let version = CgroupHierarchy.Version(rawValue: try object.required("version")) else {
      throw JSONError("field 'version' must be 1 or 2")
    }
    let controllers = names.compactMap(CgroupController.init(rawValue:))
    guard controllers.count == names.count else { throw JSONError("field 'controllers' names an unknown controller") }
    self.init(path: try object.requiredString("path"), version: version, controllers: controllers)
  }
}
