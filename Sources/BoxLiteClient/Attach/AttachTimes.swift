/// How long an attach connection waits for what.
public struct AttachTimes: Hashable, Sendable {
  /// For the connection and for the answer to the upgrade, each.
  public var handshake = Duration.seconds(30)
  /// Between two of our pings.
  public var ping = Duration.seconds(15)
  /// Without any frame, while we read: the link is dead.
  ///
  /// BoxLite's server pings every 15 s.
  public var silence = Duration.seconds(45)
  /// For the end of the connection after our Close.
  public var close = Duration.seconds(5)

  /// The usual times.
  public init() {}
}
