import BoxLiteWire
import ExecEngine
import ExecModel
import Synchronization

/// Boxes that are names for executions of one back end.
final class OwnBoxes: BoxKeeper {
  private let box: any Box
  private let limits: ServerLimits
  private let records = Mutex<[String: BoxRecord]>([:])
  private let freed = FreedMemory()

  init(_ box: any Box, _ limits: ServerLimits = .init()) { (self.box, self.limits) = (box, limits) }

  func create(_ body: CreateBoxBody) throws(ErrorReply) -> BoxReply {
    if body.user != nil { try box.checkUser() }
    let record = BoxRecord(id: "box-\(Self.chance())", body: body)
    guard record.cost <= limits.box else {
      throw ErrorReply(
        .tooLarge,
        "the box's variables, labels and names are \(record.cost) bytes; the limit for one box is \(limits.box)")
    }
    try records.withLock { records throws(ErrorReply) in
      try makeSure(records, haveRoomFor: record)
      if let name = body.name, Self.key(name, in: records) != nil {
        throw ErrorReply(.alreadyExists, "a box '\(name)' already exists")
      }
      records[record.id] = record
    }
    return record.reply
  }

  private func makeSure(_ records: [String: BoxRecord], haveRoomFor record: BoxRecord) throws(ErrorReply) {
    guard records.count < limits.boxes else {
      throw ErrorReply(.resourceExhausted, "this server has \(limits.boxes) boxes already: remove one")
    }
    guard records.values.reduce(record.cost, { $0 + $1.cost }) <= limits.allBoxes else {
      throw ErrorReply(
        .resourceExhausted, "the limit of \(limits.allBoxes) bytes for all boxes of this server is reached: remove one")
    }
  }

  private static func chance() -> String {
    let digits = Array("0123456789abcdefghjkmnpqrstvwxyz".utf8)
    return String(decoding: (0..<16).compactMap { _ in digits.randomElement() }, as: UTF8.self)
  }

  private static func key(_ text: String, in records: [String: BoxRecord]) -> String? {
    records[text] != nil ? text : records.values.first { $0.body.name == text }?.id
  }

  /// Changes the box that a text names, and returns the result.
  private func change(
    _ text: String, _ body: (inout BoxRecord) -> Void
  ) throws(ErrorReply) -> BoxRecord {
    try records.withLock { records throws(ErrorReply) in
      guard let key = Self.key(text, in: records), var record = records[key] else {
        throw ErrorReply(.notFound, "there is no box '\(text.prefix(200))'")
      }
      body(&record)
      records[key] = record
      return record
    }
  }

  func list() -> [BoxReply] {
    records.withLock { $0.values.map(\.reply) }.sorted { ($0.created, $0.id) < ($1.created, $1.id) }
  }

  func find(_ box: String) throws(ErrorReply) -> BoxReply { try change(box) { _ in }.reply }

  func start(_ box: String) throws(ErrorReply) -> BoxReply { try change(box) { $0.become(.running) }.reply }

  func stop(_ box: String) throws(ErrorReply) -> BoxReply { try change(box) { $0.become(.stopped) }.reply }

  func remove(_ box: String, force: Bool) throws(ErrorReply) -> String {
    let (key, cost) = try records.withLock { records throws(ErrorReply) in
      guard let key = Self.key(box, in: records), let record = records[key] else {
        throw ErrorReply(.notFound, "there is no box '\(box.prefix(200))'")
      }
      guard force || record.status != .running else {
        throw ErrorReply(.invalidState, "box '\(key)' is running: stop it first, or remove it with force=true")
      }
      records[key] = nil
      return (key, record.cost)
    }
    freed.add(cost)
    return key
  }

  func open(_ box: String) throws(ErrorReply) -> BoxPlace {
    let record = try change(box) { $0.become(.running) }
    let environment = record.body.environment.sorted { $0.key < $1.key }
    return BoxPlace(
      id: record.id, box: self.box,
      environment: environment.map { EnvironmentVariable(name: $0.key, value: $0.value) },
      workingDirectory: record.body.workingDirectory, user: record.body.user,
      description: ClientBox(record.reply))
  }

  func objection(to box: String) -> ErrorReply? {
    do throws(ErrorReply) {
      guard try find(box).status == .stopped else { return nil }
      return ErrorReply(.stopped, "box '\(box)' was stopped")
    } catch {
      return error
    }
  }

  func identifier(_ text: String) -> String { records.withLock { Self.key(text, in: $0) } ?? text }
}
