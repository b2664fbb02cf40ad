/// How a box behind a connection behaves.
public struct BoxLiteOptions: Hashable, Sendable {
  /// How long one connection waits for what.
  public var attach = AttachTimes()
  /// How a cut one is tried again.
  public var reconnect = ReconnectRules()
  /// Where a person gives the server's key, for the refusal of one who has not.
  public var keyPlace = RESTClient.standardKeyPlace
  /// How long a request may take; starting a command has ten times as long.
  public var patience = Duration.seconds(30)
  /// How long the status of a command whose connection was cut is waited for, as BoxLite's own clients do.
  public var probe = Duration.seconds(5)
  /// Without output for this long, a server has sent its backlog.
  public var quiet = Duration.milliseconds(250)
  /// How long what may be a backlog is held back, unless it still flows.
  public var settle = Duration.seconds(1)
  /// Whether a replay is joined to what was received; off only in the test that shows what comes twice then.
  var joins = true

  /// The usual behaviour.
  public init() {}
}
