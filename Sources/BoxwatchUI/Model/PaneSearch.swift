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
