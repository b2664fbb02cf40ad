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
}
