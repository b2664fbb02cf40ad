/// How long a server waits for what.
public struct ServerTimes: Hashable, Sendable {
  /// Between two pings; BoxLite's clients count on 15 s.
  public var ping = Duration.seconds(15)
  /// Without a word, be it an answer to a ping, while nothing else is on its way to the client: the link is dead.
  public var silence = Duration.seconds(50)
  /// Without any progress in writing: the client is stuck.
  public var write = Duration.seconds(20)
  /// From the exit frame to our Close: a client that takes the frame hangs up by itself, which proves that it has it.
  public var beforeClose = Duration.milliseconds(250)
  /// From our Close to ours hanging up.
  public var afterClose = Duration.seconds(5)
  /// How long the first bytes of a character wait for the rest.
  public var halfCharacter = Duration.milliseconds(100)
  /// How long a request may take to come in, and a connection to be idle between two.
  public var request = Duration.seconds(120)
  /// How long a connection may take to show its key.
  public var key = Duration.seconds(10)
  /// How long an end that was not handed over is kept from who asks: longer than the clients' 15 and 30 s back-off.
  public var handOver = Duration.seconds(60)
  /// How long an execution may go on with no client: HUP then, one ``shutdown`` later TERM, another one later KILL.
  public var reconnect = Duration.seconds(300)
  /// Between two steps of ending an abandoned execution.
  public var shutdown = Duration.seconds(30)
  /// How long an execution may run at all.
  public var session = Duration.seconds(86_400)
  /// How long a finished execution is known.
  public var retention = Duration.seconds(300)
  /// How often the files of the certificate are looked at.
  public var certificate = Duration.seconds(1)
  /// How often abandoned, overdue and finished executions are looked for.
  public var reaper = Duration.seconds(30)

  /// BoxLite's times.
  public init() {}
}
