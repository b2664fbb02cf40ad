import Cells
import ExecEngine
import ExecModel
import Glibc

/// What stands before each line.
struct LinePrefix: Sendable {
  /// Columns of a name at most: it stands before every line.
  private static let widest = 200

  private let name: String?
  private let timestamps: Bool
  private let isAlone: Bool

  /// - Parameters:
  ///   - name: the execution's name, when lines are tagged.
  ///   - isAlone: whether it is the only execution, whose name says nothing then.
  init(name: String?, isAlone: Bool, _ timestamps: Bool) {
    self.name = name.map { SafeText.elided($0, to: Self.widest) }
    self.isAlone = isAlone
    self.timestamps = timestamps
  }

  /// The prefix of a line of `stream` that came at `wall` nanoseconds since 1970; nil for a time that cannot be.
  func text(_ stream: ExecStream, at wall: UInt64?) -> String {
    var parts: [String] = []
    if timestamps { parts.append(wall.map { WallClock.text($0) } ?? "(unknown time)") }
    if let name { parts.append(isAlone ? stream.name : "\(name) \(stream.name)") }
    return parts.joined(separator: " ") + " | "
  }
}
