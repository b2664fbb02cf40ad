import BoxLiteWire
import ExecModel
import Synchronization

// Boxes.
extension Store.Content {
  /// The record's key for an identifier or a name.
  func key(_ text: String) throws(ErrorReply) -> String {
    if boxes[text] != nil { return text }
    if let box = boxes.values.first(where: { $0.body.name == text }) { return box.id }
    throw ErrorReply(.notFound, "there is no box '\(text.prefix(200))'")
  }

  func running(in box: String) -> [ExecutionID] {
    executions.values.filter { $0.box == box && $0.ended == nil }.map(\.id)
  }
}

extension Store {
  func create(_ body: CreateBoxBody) throws(ErrorReply) -> BoxReply {
    let record = BoxRecord(id: "box-\(Self.chance())", body: body)
    try content.withLock { content throws(ErrorReply) in
      if let name = body.name, (try? content.key(name)) != nil {
        throw ErrorReply(.alreadyExists, "there is a box '\(name)' already")
      }
      content.boxes[record.id] = record
    }
    return record.reply
  }

  private static func chance() -> String {
    let digits = Array("0123456789abcdefghjkmnpqrstvwxyz".utf8)
    return String(decoding: (0..<16).compactMap { _ in digits.randomElement() }, as: UTF8.self)
  }

  func boxes() -> [BoxReply] {
    content.withLock { $0.boxes.values.map(\.reply) }.sorted { ($0.created, $0.id) < ($1.created, $1.id) }
  }

  func find(_ box: String) throws(ErrorReply) -> BoxReply {
    try content.withLock { content throws(ErrorReply) in try Self.record(box, in: content).reply }
  }

  private static func record(_ box: String, in content: Content) throws(ErrorReply) -> BoxRecord {
    let key = try content.key(box)
    guard let record = content.boxes[key] else { throw ErrorReply(.notFound, "there is no box '\(key)'") }
    return record
  }

  func start(_ box: String) throws(ErrorReply) -> BoxReply {
    try content.withLock { content throws(ErrorReply) in
      let key = try content.key(box)
      content.boxes[key]?.become(.running)
      return try Self.record(key, in: content).reply
    }
  }

  /// Ends what runs in the box; its executions stay known.
  func stop(_ box: String) throws(ErrorReply) -> BoxReply {
    let (reply, running) = try content.withLock { content throws(ErrorReply) in
      let key = try content.key(box)
      content.boxes[key]?.become(.stopped)
      return (try Self.record(key, in: content).reply, content.running(in: key))
    }
    for id in running { kill(id) }
    return reply
  }

  /// Forgets the box; one that runs only by force, and with its commands.
  func remove(_ box: String, force: Bool) throws(ErrorReply) {
    let running = try content.withLock { content throws(ErrorReply) in
      let record = try Self.record(box, in: content)
      guard force || record.status != .running else {
        throw ErrorReply(.invalidState, "box '\(record.id)' runs: stop it first, or remove it with force=true")
      }
      content.boxes[record.id] = nil
      return content.running(in: record.id)
    }
    for id in running { kill(id) }
  }
}
