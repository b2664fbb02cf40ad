public import ExecModel

/// A screen row of a stream: a piece, by the offset of its first byte, and a row of that piece.
///
/// Bytes never move in a journal, so an anchor stays true however much is written after it.
public struct TextAnchor: Hashable, Sendable, Comparable {
  /// The offset of the piece's first byte.
  public var offset: UInt64
  /// The row within the piece, from 0; more than one only when lines wrap.
  public var row: Int

  /// Makes an anchor.
  public init(offset: UInt64, row: Int = 0) {
    self.offset = offset
    self.row = row
  }

  /// Earlier text comes first.
  public static func < (left: TextAnchor, right: TextAnchor) -> Bool {
    (left.offset, left.row) < (right.offset, right.row)
  }
}

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

/// The state of both panes of one execution.
public struct PaneStates: Hashable, Sendable {
  /// Standard output's, or the terminal's.
  public var stdout = PaneState()
  /// Standard error's.
  public var stderr = PaneState()

  /// The state of one stream's pane.
  public subscript(stream: ExecStream) -> PaneState {
    get {
      switch stream {
      case .stdout: stdout
      case .stderr: stderr
      }
    }
    set {
      switch stream {
      case .stdout: stdout = newValue
      case .stderr: stderr = newValue
      }
    }
  }
}

/// A search in one pane: what is looked for, where it stands, and a scan that is under way.
public struct PaneSearch: Hashable, Sendable {
  /// A scan through the stream that goes on step by step, so that no step is long.
  public struct Scan: Hashable, Sendable {
    /// The next byte to look at: the first of what is left, or the end of it when going backwards.
    public var offset: UInt64
    /// Whether towards the end.
    public var isForward: Bool
  }

  /// What is looked for; upper case letters in it make it case-sensitive.
  public let needle: String
  /// The piece that the last jump found.
  public var current: UInt64?
  /// The scan under way.
  public var scan: Scan?

  /// A search that starts with a scan.
  public init(needle: String, scan: Scan? = nil) {
    self.needle = needle
    self.scan = scan
  }
}
