import BoxLiteWire
import ExecEngine
import ExecModel
import Logging
import NIOCore
import NIOPosix
import Synchronization

/// Options of a box behind a connection.
public struct BoxLiteOptions: Hashable, Sendable {
  /// The timeouts of one connection.
  public var attach = AttachTimes()
  /// The rules for reconnecting.
  public var reconnect = ReconnectRules()
  /// Where the user gives the server's key, for the error when it is missing.
  public var keyPlace = RESTClient.standardKeyPlace
  /// The timeout of a request; starting a command has ten times as long.
  public var patience = Duration.seconds(30)
  /// The timeout for the status of a command whose connection was cut, the same as that of
  /// BoxLite's own clients.
  public var probe = Duration.seconds(5)
  /// After this time without output, a server has sent its backlog.
  public var quiet = Duration.milliseconds(250)
  /// How long a possible backlog is held back, unless it is still arriving.
  public var settle = Duration.seconds(1)
  /// Whether a replay is joined to the received output; false only in the test that shows the
  /// repetition then.
  var joins = true

  /// Creates the default options.
  public init() {}
}

/// How long and how often to reconnect.
public struct ReconnectRules: Hashable, Sendable {
  /// The first pause; each later one is twice as long.
  public var firstPause = Duration.milliseconds(200)
  /// The longest pause.
  public var longestPause = Duration.seconds(15)
  /// The maximum time without a connection; BoxLite's own clients give up then too.
  public var budget = Duration.seconds(270)
  /// How long *another client is attached* is taken to mean our own old connection: a server's ping
  /// interval and a margin.
  public var takenPatience = Duration.seconds(20)
  /// The pause between two attempts meanwhile.
  public var takenPause = Duration.seconds(1)
  /// How long a connection must have held for the next cut to count as a new one.
  public var mended = Duration.seconds(60)
  /// Whether an end reported by a status after a cut is believed only when the rest was fetched;
  /// false only in the test that shows the loss then.
  var drains = true

  /// Creates the default rules.
  public init() {}

  /// The pause after a number of earlier ones.
  func pause(_ count: Int) -> Duration { min(longestPause, firstPause * (1 << min(count, 20))) }
}

/// One command on a server, across all connections to it, reported to one sink.
///
/// Everything happens on one event loop: reports are made there in order, and a sink that takes no
/// more stops the reading of the connection, which both streams share.
final class AttachSession: Sendable {
  /// The constant parts.
  struct Setup: Sendable {
    let client: RESTClient
    let box: String
    let execution: String
    let streams: StreamSet
    let allowsInput: Bool
    /// Whether we started the command, so that it is already running.
    let isOurs: Bool
    /// Whether the server can start a replay at any byte.
    let hasOffsets: Bool
    let options: BoxLiteOptions
  }

  /// The state of the session; used only on the event loop.
  struct State {
    var sink: (any ExecutionSink)?
    var machine: AttachMachine
    var socket: AttachSocket?
    var joins: PerStream<StreamJoin?>
    /// Reports that the sink has not taken, in order.
    var reports = CircularBuffer<Report>()
    var isStalled = false
    var stalledAt = NIODeadline.now()
    var attachedAt = NIODeadline.now()
    var lastOutput = NIODeadline.now()
    var isSettleTimed = false
    /// Bytes of output since the last check for settling.
    var sinceLook = 0
    var input = InputQueue()
    var isSending = false
    var hasSentEnd = false
    var hasExit = false
    /// Streams that the server gave up before their end.
    var truncated: StreamSet = []
    /// Streams that the engine wants emptied.
    var emptied: StreamSet = []
    /// Whether we sent HUP, whose code is also that of an unknown end.
    var hasHungUp = false
    var pause: Scheduled<Void>?
    var lastWord = ""
    /// The pending attach, completed by the first connection.
    var entry: EventLoopPromise<Void>?
  }

  let setup: Setup
  let loop: any EventLoop
  let logger: Logger
  private let content: NIOLoopBoundBox<State>
  private let isOver = Atomic<Bool>(false)
  /// The number of frames after the exit frame or without meaning; checked by a test.
  let dropped = Atomic<Int>(0)

  /// - Throws: ``ClientError`` when the process lacks the resources for a connection.
  init(
    _ setup: Setup, sink: any ExecutionSink, logger: Logger = Logger(label: "boxwatch.boxlite")
  ) throws(ClientError) {
    self.setup = setup
    self.logger = logger
    loop = try ClientThreads.next(for: setup.client.endpoint)
    let state = State(
      sink: sink, machine: AttachMachine(rules: setup.options.reconnect, isOurs: setup.isOurs),
      joins: PerStream(repeating: StreamJoin()).limited(to: setup.streams))
    content = NIOLoopBoundBox.makeBoxSendingValue(state, eventLoop: loop)
  }

  /// The state; only on the event loop.
  var state: State {
    get { content.value }
    _modify { yield &content.value }
  }

  /// Whether no more reports will be made.
  var hasEnded: Bool { isOver.load(ordering: .acquiring) }

  /// Marks the end; true the first time.
  func markOver() -> Bool { !isOver.exchange(true, ordering: .acquiringAndReleasing) }

  /// Schedules `body` on the event loop; never runs it within the call, since the caller may be
  /// inside a report.
  func later(_ body: @escaping @Sendable (AttachSession) -> Void) { loop.execute { body(self) } }

  /// Starts, and continues until the end or ``release()``.
  func begin() { later { $0.connect(.first) } }

  /// Starts, and waits until the server accepts the attach; `started` is reported then.
  ///
  /// - Throws: ``ClientError`` when it does not.
  func enter() throws(ClientError) {
    let promise = loop.makePromise(of: Void.self)
    later { session in
      session.state.entry = promise
      session.connect(.first)
    }
    do { try promise.futureResult.wait() } catch { throw ClientError.failed(error, at: setup.client.endpoint) }
  }

  /// Releases everything; the command goes on.
  func release() {
    _ = markOver()
    later { $0.retire() }
  }

  private func retire() {
    state.sink = nil
    state.pause?.cancel()
    state.socket?.close()
    state.socket = nil
    state.reports.removeAll()
    for completion in state.input.giveUp() { completion(.closed) }
  }
}
