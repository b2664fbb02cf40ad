import BoxLiteWire
import ExecModel

/// A client's right to be attached to an execution, taken before the upgrade and given back once.
struct AttachTicket: Sendable {
  let execution: ExecutionID
  /// Tells claims apart; nil for a client that only reads.
  let claim: UInt64?
  /// The first byte of each stream to send.
  let start: StreamCounts
  /// What the client must know about where it starts.
  let note: ServerMessage?

  var isWriter: Bool { claim != nil }
}
