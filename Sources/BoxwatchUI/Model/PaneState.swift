/// How one pane stands: where it looks, whether it wraps, what it searches.
public struct PaneState: Hashable, Sendable {
  /// Where a pane looks.
  public enum Position: Hashable, Sendable {
    /// At the end, wherever that moves.
    case following
    /// From a row: a piece's first byte, and which of the piece's rows.
    case at(TextAnchor)
  }

  /// Where it looks.
  public var position = Position.following
  /// Whether long lines go on in the next row.
  public var wraps = false
  /// First column shown when they do not.
  public var column = 0
  /// The stream's lines when following was left, for the count of new ones.
  public var linesSeen: UInt64 = 0
  /// The search, when there is one.
  public var search: PaneSearch?

  /// A pane that follows.
  public init() {}

  /// Whether it follows the output.
  public var isFollowing: Bool { position == .following }
}
