import BoxLiteWire
import ExecModel
import Synchronization

// Attached clients, and how much they have received.
extension Store {
  /// Registers a client: one that may write, any number that only read.
  func claim(_ id: ExecutionID, _ query: AttachQuery) throws(ErrorReply) -> AttachTicket {
    let named = query.from.map { PerStream<UInt64>(stdout: $0.stdout, stderr: $0.stderr) }
    let number = content.withLock { content in
      content.claims += 1
      return content.claims
    }
    let ticket = try change(id) { record throws(ErrorReply) in
      guard query.allowsInput else {
        record.watchers += 1
        return AttachTicket(execution: id, claim: nil, start: named ?? .init(), note: nil)
      }
      if record.isWriterDone { record.leave(.likely, at: now()) }
      guard record.writer == nil else {
        throw ErrorReply(.invalidState, "execution '\(id)' has another client attached; use ?stdin=0 to watch only")
      }
      let ticket = Self.ticket(record, number, named)
      record.take(ticket, isNamed: named != nil)
      return ticket
    }
    tellWatchers()
    return ticket
  }

  /// A client that was cut and requested the status continues where it left off; any other client
  /// gets everything.
  ///
  /// A note reports what may be repeated.
  private static func ticket(_ record: ExecutionRecord, _ claim: UInt64, _ named: PerStream<UInt64>?) -> AttachTicket {
    let isOpen = record.wasClaimed && record.isOpen && named == nil
    let resumes = isOpen && record.wasProbedSinceCut && !record.isNamed
    let start = named ?? (resumes ? record.confirmed : .init())
    let mayRepeat = isOpen && record.sent != start
    return AttachTicket(
      execution: record.id, claim: claim, start: start,
      note: mayRepeat ? (resumes ? .mayRepeat : .replayed) : nil)
  }

  /// Records how much was written to the client's socket, and how much of it the client has
  /// acknowledged.
  func note(_ ticket: AttachTicket, sent: PerStream<UInt64>, confirmed: PerStream<UInt64>) {
    content.withLock { content in
      guard let claim = ticket.claim, content.executions[ticket.execution]?.writer == claim else { return }
      content.executions[ticket.execution]?.sent = sent
      content.executions[ticket.execution]?.confirmed = confirmed
    }
  }

  /// The number of executions that are over and have a client still receiving the end.
  var endsToTake: Int {
    content.withLock { $0.executions.values.count { $0.ended != nil && $0.isAttached && !$0.isWriterDone } }
  }

  /// Records that the client's kernel has the exit frame.
  func noteExit(_ ticket: AttachTicket) {
    content.withLock { content in
      guard let claim = ticket.claim, content.executions[ticket.execution]?.writer == claim else { return }
      content.executions[ticket.execution]?.isWriterDone = true
    }
  }

  /// Releases the client's claim, with what is known about the exit frame.
  func release(_ ticket: AttachTicket, _ handOver: HandOver) {
    let time = now()
    defer { tellWatchers() }
    content.withLock { content in
      guard var record = content.executions[ticket.execution] else { return }
      if let claim = ticket.claim {
        guard record.writer == claim else { return }
        record.leave(handOver, at: time)
      } else {
        record.watchers -= 1
      }
      if !record.isAttached { record.idleSince = time }
      if !record.isAwaited(at: time) { record.hold = nil }
      content.executions[ticket.execution] = record
    }
  }
}

extension ExecutionRecord {
  mutating func leave(_ handOver: HandOver, at time: UInt64) {
    (writer, isWriterDone) = (nil, false)
    (self.handOver, left) = (handOver, time)
  }

  mutating func take(_ ticket: AttachTicket, isNamed: Bool) {
    writer = ticket.claim
    self.isNamed = isNamed
    wasClaimed = true
    probed = nil
    warnings = 0
    handOver = .open
    (sent, confirmed) = (ticket.start, ticket.start)
  }
}

extension ServerMessage {
  static let mayRepeat = ServerMessage.error(
    message: "the connection was cut, and how much the client had read is not known: some output may be repeated",
    code: "output_may_repeat")
  static let replayed = ServerMessage.error(
    message: "an earlier connection was cut: all output is sent again from the first byte", code: "output_replayed")
}
