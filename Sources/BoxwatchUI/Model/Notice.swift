/// A sentence in the status line that goes away by itself.
public struct Notice: Hashable, Sendable {
  /// How long a notice stays, in nanoseconds.
  static let lifetime: UInt64 = 6_000_000_000

  /// The sentence.
  public var text: String
  /// Whether something went wrong.
  public var isError: Bool
  /// When it goes, on the monotonic clock.
  public var until: UInt64
}
