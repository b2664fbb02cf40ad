import BoxLiteWire
import JSON
import Synchronization

// Counts.
extension Store {
  /// Counts over everything.
  func metrics(boxes: Int) -> JSONValue {
    content.withLock { content in
      .object([
        JSONMember("boxes", .integer(Int64(boxes))),
        JSONMember("commands_executed_total", .integer(Int64(clamping: content.started))),
        JSONMember("running_executions", .integer(Int64(content.executions.values.count { $0.ended == nil }))),
        JSONMember("attached_clients", .integer(Int64(content.executions.values.reduce(0) { $0 + $1.clients }))),
      ])
    }
  }

  /// Counts of one box.
  func metrics(of box: String) -> JSONValue {
    content.withLock { content in
      let records = content.executions.values.filter { $0.box == box }
      return .object([
        JSONMember("known_executions", .integer(Int64(records.count))),
        JSONMember("running_executions", .integer(Int64(records.count { $0.ended == nil }))),
        JSONMember("attached_clients", .integer(Int64(records.reduce(0) { $0 + $1.clients }))),
      ])
    }
  }
}
