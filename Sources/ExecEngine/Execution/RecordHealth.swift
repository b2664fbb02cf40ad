public import ExecModel

/// Whether an execution's record takes what happens.
///
/// *Recording* becomes *stalled* when a write is refused that can succeed later, and recording again when it does.
/// Either becomes *lost*, for good, when waiting is of no use or not wanted: what follows is kept in memory, for the
/// subscribers of this process.
public enum RecordHealth: Hashable, Sendable {
  /// Everything is recorded.
  case recording
  /// Nothing is taken now, by error number; the command waits, since `since` (nanoseconds after its creation).
  case stalled(errno: Int32, since: UInt64)
  /// The disk is given up.
  case lost(RecordLoss)

  /// From where on the record is lost.
  public var loss: RecordLoss? {
    if case .lost(let loss) = self { loss } else { nil }
  }
}

extension RecordHealth {
  /// How long a stall may keep an end that is wanted.
  static let patience = Duration.seconds(1).nanoseconds

  /// Whether a refused write is a reason to give the disk up.
  ///
  /// - Parameter endWanted: since when an end is wanted; nil for none.
  func isHopeless(
    _ number: Int32, _ policy: RecordFailurePolicy, isForced: Bool, endWanted: UInt64?, at time: UInt64
  ) -> Bool {
    if policy != .wait || isForced || !SystemErrorText.canLift(number) { return true }
    guard let endWanted else { return false }
    guard case .stalled(_, let since) = self else { return false }
    return time >= max(since, endWanted) &+ Self.patience
  }
}
