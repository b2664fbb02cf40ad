import BoxLiteWire

/// A box that a client created: a name for executions of the back end, with what the client wants kept.
struct BoxRecord {
  let id: String
  let body: CreateBoxBody
  var status = BoxStatus.configured
  let created = Timestamp.now()
  var updated = Timestamp.now()

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
