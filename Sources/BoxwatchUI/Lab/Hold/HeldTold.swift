public import ExecModel
public import RaceLab

/// Something that a dispatcher told its user, adjacent output of a stream as one.
public enum HeldTold: Hashable, Sendable {
  /// Bytes of a stream.
  case output(ExecStream, bytes: UInt64)
  /// An exit, or the answer to a wait.
  case terminal(Announcement)

  /// A line: `stdout, 13 bytes`, `Exit: exit 0`.
  public var words: String {
    switch self {
    case .output(let stream, let bytes): "\(stream.name), \(NumberText.grouped(bytes)) byte\(bytes == 1 ? "" : "s")"
    case .terminal(let announcement): announcement.words
    }
  }
}
