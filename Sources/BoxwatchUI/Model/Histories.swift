/// The lines that were accepted before, oldest first, for each kind of line.
public struct Histories: Hashable, Sendable {
  /// Most lines that are kept of a kind.
  static let limit = 200

  /// Commands.
  public var commands: [String] = []
  /// Options of sandboxes.
  public var options: [String] = []
  /// Lines for standard input.
  public var inputs: [String] = []
  /// Searches.
  public var searches: [String] = []

  /// No line yet.
  public init() {}

  /// Adds a line at the end; the same one before it goes.
  static func add(_ line: String, to lines: inout [String]) {
    guard !line.isEmpty else { return }
    lines.removeAll { $0 == line }
    lines.append(line)
    lines.removeFirst(max(0, lines.count - limit))
  }
}
