public import ExecModel

/// What a dispatcher tells its consumer.
public enum Announcement: Hashable, Sendable {
  /// A chunk of a stream, by its number in the stream.
  case output(ExecStream, chunk: Int)
  /// The end: the status, nil when the dispatcher does not know it, and the streams it says it cut short.
  case exit(ExitStatus?, truncated: StreamSet)
  /// The answer to one waiter.
  case wait(waiter: Int, ExitStatus?)

  /// Whether a client stops reading at this.
  public var isTerminal: Bool {
    switch self {
    case .output: false
    case .exit, .wait: true
    }
  }

  /// How a queue shows it: `stdout chunk 1`, `Exit: exit 0`, `Wait 1: exit 0`.
  public var words: String {
    switch self {
    case .output(let stream, let chunk): "\(stream.name) chunk \(chunk &+ 1)"
    case .exit(let status, let truncated):
      "Exit: " + Self.words(status) + (truncated.isEmpty ? "" : ", \(truncated.names) cut short")
    case .wait(let waiter, let status): "Wait \(waiter &+ 1): " + Self.words(status)
    }
  }

  private static func words(_ status: ExitStatus?) -> String { status?.words ?? "status unknown" }
}
