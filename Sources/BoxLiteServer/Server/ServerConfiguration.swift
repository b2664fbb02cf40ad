import BoxLiteWire
public import ExecModel

/// How a server behaves.
public struct ServerConfiguration: Sendable {
  /// The key that every request but `config` must carry; nil for none.
  public var key: String?
  /// Whether a server without a key answers everyone who reaches it, and not only the user who runs it and root.
  public var answersEverybody = false
  /// What encrypts; nil for clear text.
  ///
  /// The files are read again when they change.
  public var tls: TLSFiles?
  /// Told, on any thread, what the operator should know; must not block.
  public var tell: @Sendable (String) -> Void = { _ in }
  /// When an execution whose streams are held counts as over: bounded, as no SDK has a way to let go of them.
  public var drain = DrainPolicy.untilIdle(grace: .seconds(2), limit: .seconds(10))
  /// How much output of each execution is kept.
  public var keep = JournalLimit.standard
  /// Whether the engine forgets a client's execution when we do, ``ServerTimes/retention`` after its end.
  ///
  /// The journal stays. Who shows executions for as long as it runs wants them kept.
  public var forgetsExecutions = true
  /// Most finished executions that are known to clients, whatever the retention says: one takes about 2 KB.
  public var finishedLimit = 10_000
  /// The signals that clients may send, by number; any may be sent at a private socket.
  public var signals = SignalBody.standard
  /// Limits.
  public var limits = ServerLimits()
  /// Times.
  public var times = ServerTimes()

  /// The usual behaviour, without a key.
  public init() {}
}
