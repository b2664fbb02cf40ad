import BoxLiteWire
import Synchronization

// Counts.
extension Store {
  /// Counts over everything.
  func metrics() -> JSONValue {
    content.withLock { content in
      .object([
        JSONMember("boxes", .integer(Int64(content.boxes.count))),
        JSONMember("commands_executed_total", .integer(Int64(clamping: content.started))),
        JSONMember("running_executions", .integer(Int64(content.executions.values.count { $0.ended == nil }))),
        JSONMember("attached_clients", .integer(Int64(content.executions.values.reduce(0) { $0 + $1.clients }))),
      ])
    }
  }

  /// Counts of one box.
  func metrics(_ box: String) throws(ErrorReply) -> JSONValue {
    try content.withLock { content throws(ErrorReply) in
      let key = try content.key(box)
      let records = content.executions.values.filter { $0.box == key }
      return .object([
        JSONMember("known_executions", .integer(Int64(records.count))),
        JSONMember("running_executions", .integer(Int64(records.count { $0.ended == nil }))),
        JSONMember("attached_clients", .integer(Int64(records.reduce(0) { $0 + $1.clients }))),
      ])
    }
  }
}

extension ExecutionRecord {
  var clients: Int { watchers + (writer == nil ? 0 : 1) }
}
