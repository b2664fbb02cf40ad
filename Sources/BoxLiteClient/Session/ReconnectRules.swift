/// How long a cut connection is tried again, and how often.
public struct ReconnectRules: Hashable, Sendable {
  /// The first pause; each one after it is twice as long.
  public var firstPause = Duration.milliseconds(200)
  /// The longest pause.
  public var longestPause = Duration.seconds(15)
  /// How long a connection may be broken; BoxLite's own clients give up then too.
  public var budget = Duration.seconds(270)
  /// How long *somebody else is attached* is taken for our own old connection: a server's ping interval and some.
  public var takenPatience = Duration.seconds(20)
  /// Between two tries meanwhile.
  public var takenPause = Duration.seconds(1)
  /// How long a connection must have held for the next cut to count as a new one.
  public var mended = Duration.seconds(60)
  /// Whether an end that was heard of after a cut is believed only when the rest was fetched; off only in the test that
  /// shows what is lost then.
  var drains = true

  /// The usual rules.
  public init() {}

  /// The pause after so many others.
  func pause(_ count: Int) -> Duration { min(longestPause, firstPause * (1 << min(count, 20))) }
}
