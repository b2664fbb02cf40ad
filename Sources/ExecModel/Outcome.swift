/// What the terminal event says: how the process ended, and whether its output is known to be whole.
public struct Outcome: Hashable, Sendable, Codable {
  /// How the process ended.
  public var status: ExitStatus
  /// The streams that were given up before their end of stream; empty when the output is complete.
  public var truncated: StreamSet

  /// Makes an outcome; `truncated` is empty for complete output.
  public init(status: ExitStatus, truncated: StreamSet = []) {
    self.status = status
    self.truncated = truncated
  }

  /// Whether every stream was read to its end.
  public var isComplete: Bool { truncated.isEmpty }
}
