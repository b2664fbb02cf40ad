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

/// What one server takes from clients at most.
public struct ServerLimits: Hashable, Sendable {
  /// Bytes of a request's body.
  public var body = 4 << 20
  /// Bytes of one WebSocket frame, and of one message in fragments: what BoxLite's own clients can send.
  public var frame = 16 << 20
  /// Fragments of one message.
  public var fragments = 1024
  /// Connections that have shown their key, or need none, at the same time; the next gets 429.
  public var sockets = 1024
  /// Connections that have shown no key yet; the next one takes the place of one that has been there for three seconds.
  ///
  /// Eight times as many may come at once.
  public var strangers = 512
  /// The same of one address (of IPv6, of one network of 64 bits).
  public var strangersOfAnAddress = 256
  /// Bytes of input that the command has not taken yet; the socket is not read meanwhile.
  public var pendingInput = 1 << 20

  /// Boxes that clients may have at the same time; the next gets 429.
  public var boxes = 1000
  /// Bytes of one box: its variables, labels and names, each with 64 for itself.
  public var box = 1 << 20
  /// Bytes of all boxes together.
  public var allBoxes = 64 << 20
  /// Commands of clients that run at the same time; the next gets 429.
  public var executions = 1000
  /// Bytes of all executions that are known: their commands and variables, and what the server keeps beside them.
  ///
  /// Those that are over longest are forgotten for a new one.
  public var allExecutions = 256 << 20
  /// Bytes of all bodies that come in or whose answer is being made.
  public var bodies = 64 << 20
  /// Bytes of all answers that wait to be taken.
  public var answers = 64 << 20

  /// Bytes of all messages of attached clients that are not whole yet, and of input that waits, beyond ``pendingInput`` each.
  public var input = 64 << 20

  /// The usual limits.
  public init() {}
}

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

extension ServerConfiguration {
  /// Sets what was asked for, in order, and sees that it fits together.
  ///
  /// - Throws: ``/ExecModel/TextValueError`` for a value that means nothing, or two that exclude each other.
  public mutating func set(_ settings: [(ServerSetting, String)]) throws(TextValueError) {
    for (setting, text) in settings { try setting.set(text, in: &self) }
    guard times.silence > times.ping else {
      throw TextValueError(
        "silence (\(times.silence.boxwatchText)) must be longer than ping (\(times.ping.boxwatchText)), or clients are cut off before they are asked"
      )
    }
    // Who sets short times wants them kept.
    let shortest = min(times.reconnect, times.shutdown, times.session, times.retention)
    if shortest < times.reaper { times.reaper = max(.milliseconds(100), shortest / 4) }
  }
}
