/// One of the four promises that a schedule can break; the numbers are those of the design.
public enum Promise: UInt8, Hashable, Sendable, CaseIterable {
  /// P1: output, then exactly one exit, then the waits; nothing after.
  case order = 1
  /// P2: what was written is read, unless the end names the cut.
  case whole = 2
  /// P3: everyone who waits is answered exactly once, however late.
  case late = 3
  /// P4: the end is told once it is one: not while the process or a holder of the pipe lives, and not never.
  case honestEnd = 4

  /// The short name: `P1`.
  public var name: String { "P\(rawValue)" }

  /// Two words for a table's head: `P1 order`.
  public var title: String {
    switch self {
    case .order: "P1 order"
    case .whole: "P2 whole"
    case .late: "P3 late"
    case .honestEnd: "P4 honest end"
    }
  }
}
