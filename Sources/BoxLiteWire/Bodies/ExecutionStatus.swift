/// Where an execution stands, by the protocol's word; clients take the last three as final.
public enum ExecutionStatus: String, Hashable, Sendable, CaseIterable {
  /// Not over, or its end is not handed over.
  case running
  /// Over.
  case completed
  /// Over: it was killed through the API.
  case killed
  /// Over: its time limit was up.
  case timedOut = "timed_out"

  /// Whether nothing comes after it.
  public var isOver: Bool { self != .running }
}
