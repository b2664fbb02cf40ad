import ExecModel

/// A client's right to be attached to an execution, taken before the upgrade and given back once.
struct AttachTicket: Sendable {
  let execution: ExecutionID
  /// Tells claims apart; nil for a client that only reads.
  let claim: UInt64?
  /// The first byte of each stream to send.
  let start: StreamCounts
  /// Bytes from `start` on that the client may have already; more than `start` only after a cut that left it open.
  let uncertain: StreamCounts

  var isWriter: Bool { claim != nil }
}
