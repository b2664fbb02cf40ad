/// The address of a screen row in a stream: the offset of a piece's first byte, and a row of that
/// piece.
///
/// Bytes never move in a journal, so an anchor stays valid however much is appended.
public struct TextAnchor: Hashable, Sendable, Comparable {
  /// The offset of the piece's first byte.
  public var offset: UInt64
  /// The row within the piece, from 0; greater than 0 only when lines wrap.
  public var row: Int

  /// Makes an anchor.
  public init(offset: UInt64, row: Int = 0) {
    self.offset = offset
    self.row = row
  }

  /// Orders anchors by their position in the text.
  public static func < (left: TextAnchor, right: TextAnchor) -> Bool {
    (left.offset, left.row) < (right.offset, right.row)
  }
}

/// The state of one pane: its position, wrapping and search.
public struct PaneState: Hashable, Sendable {
  /// The position of a pane.
  public enum Position: Hashable, Sendable {
    /// At the end, following new output.
    case following
    /// At a row.
    case at(TextAnchor)
  }

  /// The position.
  public var position = Position.following
  /// Whether long lines wrap.
  public var wraps = false
  /// The first column shown when lines do not wrap.
  public var column = 0
  /// The stream's line count when following stopped, from which new lines are counted.
  public var linesSeen: UInt64 = 0
  /// The search, if there is one.
  public var search: PaneSearch?

  /// Creates a pane that follows.
  public init() {}

  /// Whether it follows the output.
  public var isFollowing: Bool { position == .following }
}

/// A search in one pane: the text, the current match, and the scan in progress.
public struct PaneSearch: Hashable, Sendable {
  /// A scan through the stream in bounded steps.
  public struct Scan: Hashable, Sendable {
    /// The next byte to examine: the first of the rest, or its end when scanning backwards.
    public var offset: UInt64
    /// Whether the scan goes towards the end.
    public var isForward: Bool
  }

  /// The text to find; upper-case letters make the search case-sensitive.
  public let needle: String
  /// The piece that the last jump found.
  public var current: UInt64?
  /// The scan in progress.
  public var scan: Scan?

  /// Creates a search that starts with a scan.
  public init(needle: String, scan: Scan? = nil) {
    self.needle = needle
    self.scan = scan
  }
}
