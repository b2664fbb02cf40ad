import BoxLiteWire

/// A box that a client created: a name for executions of the back end, with what the client wants kept.
struct BoxRecord {
  let id: String
  let body: CreateBoxBody
  var status = BoxStatus.configured
  let created = Timestamp.now()
  var updated = Timestamp.now()

  /// Bytes that it costs to keep, about.
  let cost: Int

  init(id: String, body: CreateBoxBody) {
    (self.id, self.body) = (id, body)
    let texts = [body.name, body.image, body.workingDirectory, body.user].compactMap { $0?.utf8.count }
    cost = 512 + texts.reduce(0, +) + Self.cost(body.labels) + Self.cost(body.environment)
  }

  private static func cost(_ pairs: [String: String]) -> Int {
    pairs.reduce(0) { $0 + $1.key.utf8.count + $1.value.utf8.count + 64 }
  }

  mutating func become(_ status: BoxStatus) {
    guard self.status != status else { return }
    self.status = status
    updated = Timestamp.now()
  }

  var reply: BoxReply {
    BoxReply(
      id: id, name: body.name, status: status, created: created, updated: updated, image: body.image,
      cpus: min(max(body.cpus ?? 1, 1), 255), memory: min(max(body.memory ?? 512, 1), Int64(UInt32.max)),
      labels: body.labels)
  }
}
