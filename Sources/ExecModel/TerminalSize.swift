/// A terminal's size in character cells.
public struct TerminalSize: Hashable, Sendable, Codable {
  /// Number of rows, 1 to 65,535.
  public var rows: UInt16
  /// Number of columns, 1 to 65,535.
  public var columns: UInt16

  /// Makes a size; 24 × 80 is what terminals start with.
  public init(rows: UInt16 = 24, columns: UInt16 = 80) {
    self.rows = rows
    self.columns = columns
  }
}
