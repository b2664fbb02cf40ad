import BoxLiteWire
public import ExecModel

/// The configuration of a server.
public struct ServerConfiguration: Sendable {
  /// The key that every request except `config` must carry; nil for none.
  public var key: String?
  /// Whether a server without a key answers every client that reaches it, instead of only its user
  /// and root.
  public var answersEverybody = false
  /// The TLS files; nil for clear text.
  ///
  /// The files are reloaded when they change.
  public var tls: TLSFiles?
  /// Called with messages for the operator, on any thread; must not block.
  public var tell: @Sendable (String) -> Void = { _ in }
  /// When an execution whose streams are held counts as over: bounded, since no SDK can release
  /// them.
  public var drain = DrainPolicy.untilIdle(grace: .seconds(2), limit: .seconds(10))
  /// How much output of each execution is kept.
  public var keep = JournalLimit.standard
  /// Whether the engine forgets a client's execution when the server does,
  /// ``ServerTimes/retention`` after its end.
  ///
  /// The journal stays. A monitor, which shows executions for as long as it runs, keeps them.
  public var forgetsExecutions = true
  /// The maximum number of finished executions known to clients, whatever the retention: one takes
  /// about 2 KB.
  public var finishedLimit = 10_000
  /// The signals that clients may send, by number; at a private socket any may be sent.
  public var signals = SignalBody.standard
  /// Limits.
  public var limits = ServerLimits()
  /// Times.
  public var times = ServerTimes()

  /// Creates the default configuration, without a key.
  public init() {}
}

/// Limits on what clients may use.
public struct ServerLimits: Hashable, Sendable {
  /// Bytes of a request's body.
  public var body = 4 << 20
  /// Bytes of one WebSocket frame, and of one fragmented message: the maximum that BoxLite's own
  /// clients send.
  public var frame = 16 << 20
  /// Fragments of one message.
  public var fragments = 1024
  /// Simultaneous connections that are authenticated or need no key; beyond the limit, 429.
  public var sockets = 1024
  /// Connections that have not presented a key; beyond the limit, a new one replaces one that is at
  /// least three seconds old.
  ///
  /// Eight times as many may arrive at once.
  public var strangers = 512
  /// The same limit per address (for IPv6, per /64 network).
  public var strangersOfAnAddress = 256
  /// Bytes of input that the command has not taken; the socket is not read beyond it.
  public var pendingInput = 1 << 20

  /// Boxes of clients; beyond the limit, 429.
  public var boxes = 1000
  /// Bytes of one box: its variables, labels and names, each counted with 64 extra.
  public var box = 1 << 20
  /// Bytes of all boxes together.
  public var allBoxes = 64 << 20
  /// Running commands of clients; beyond the limit, 429.
  public var executions = 1000
  /// Bytes of all known executions: their commands and variables, and the server's state for them.
  ///
  /// Those that ended first are forgotten to make room.
  public var allExecutions = 256 << 20
  /// Bytes of all bodies being received or being answered.
  public var bodies = 64 << 20
  /// Bytes of all answers waiting to be sent.
  public var answers = 64 << 20

  /// Bytes of incomplete messages and waiting input of all attached clients, beyond
  /// ``pendingInput`` each.
  public var input = 64 << 20

  /// Creates the default limits.
  public init() {}
}

/// Timeouts and intervals of a server.
public struct ServerTimes: Hashable, Sendable {
  /// Between two pings; BoxLite's clients rely on 15 s.
  public var ping = Duration.seconds(15)
  /// Without any frame, pongs included, while nothing else is being sent to the client: the
  /// connection is dead.
  public var silence = Duration.seconds(50)
  /// Without any progress in writing: the client is stuck.
  public var write = Duration.seconds(20)
  /// From the exit frame to our Close: a client that takes the frame disconnects by itself, which
  /// proves that it has it.
  public var beforeClose = Duration.milliseconds(250)
  /// From our Close to closing the connection.
  public var afterClose = Duration.seconds(5)
  /// How long an incomplete character waits for its rest.
  public var halfCharacter = Duration.milliseconds(100)
  /// The time limit for receiving a request, and for a connection to be idle between two.
  public var request = Duration.seconds(120)
  /// The time limit for presenting the key.
  public var key = Duration.seconds(10)
  /// How long an end that was not handed over is withheld from status requests: longer than the
  /// clients' 15 and 30 s back-off.
  public var handOver = Duration.seconds(60)
  /// How long an execution may run without a client: then HUP, one ``shutdown`` later TERM, another
  /// one later KILL.
  public var reconnect = Duration.seconds(300)
  /// Between two steps of ending an abandoned execution.
  public var shutdown = Duration.seconds(30)
  /// The maximum running time of an execution.
  public var session = Duration.seconds(86_400)
  /// How long a finished execution stays known.
  public var retention = Duration.seconds(300)
  /// The interval at which the certificate's files are checked.
  public var certificate = Duration.seconds(1)
  /// The interval at which abandoned, overdue and finished executions are searched for.
  public var reaper = Duration.seconds(30)

  /// Creates BoxLite's times.
  public init() {}
}

extension ServerConfiguration {
  /// Applies settings in order and checks that they are consistent.
  ///
  /// - Throws: ``/ExecModel/TextValueError`` for an invalid value, or for two that exclude each
  ///   other.
  public mutating func set(_ settings: [(ServerSetting, String)]) throws(TextValueError) {
    for (setting, text) in settings { try setting.set(text, in: &self) }
    guard times.silence > times.ping else {
      throw TextValueError(
        "silence (\(times.silence.boxwatchText)) must be longer than ping (\(times.ping.boxwatchText)), or clients are disconnected before they are pinged"
      )
    }
    // Short times need a reaper that runs at least as often.
    let shortest = min(times.reconnect, times.shutdown, times.session, times.retention)
    if shortest < times.reaper { times.reaper = max(.milliseconds(100), shortest / 4) }
  }
}
