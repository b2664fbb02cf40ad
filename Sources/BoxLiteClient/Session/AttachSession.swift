import BoxLiteWire
import ExecEngine
import ExecModel
import Logging
import NIOCore
import NIOPosix
import Synchronization

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

/// One command on a server, across all connections to it, reported to one sink.
///
/// Everything happens on one event loop: reports are made there, one after the other, and a sink that takes no more stops
/// the reading of the connection, which both streams share.
final class AttachSession: Sendable {
  /// What never changes.
  struct Setup: Sendable {
    let client: RESTClient
    let box: String
    let execution: String
    let streams: StreamSet
    let allowsInput: Bool
    /// Whether we started it, and it runs already.
    let isOurs: Bool
    /// Whether the server can begin at any byte.
    let hasOffsets: Bool
    let options: BoxLiteOptions
  }

  /// What is true now; lives on the event loop.
  struct State {
    var sink: (any ExecutionSink)?
    var machine: AttachMachine
    var socket: AttachSocket?
    var joins: [ExecStream: StreamJoin]
    /// Reports that the sink has not taken, in order.
    var reports = CircularBuffer<Report>()
    var isStalled = false
    var stalledAt = NIODeadline.now()
    var attachedAt = NIODeadline.now()
    var lastOutput = NIODeadline.now()
    var isSettleTimed = false
    /// Bytes of output since settling was looked at last.
    var sinceLook = 0
    var input = InputQueue()
    var isSending = false
    var hasSentEnd = false
    var hasExit = false
    /// Streams that the server gave up before their end.
    var truncated: StreamSet = []
    /// Streams that the engine wants emptied.
    var emptied: StreamSet = []
    /// Whether we sent HUP, whose number is also what an unknown end has.
    var hasHungUp = false
    var pause: Scheduled<Void>?
    var lastWord = ""
    /// Answers whoever waits for the first connection.
    var entry: EventLoopPromise<Void>?
  }

  let setup: Setup
  let loop: any EventLoop
  let logger: Logger
  private let content: NIOLoopBoundBox<State>
  private let isOver = Atomic<Bool>(false)
  /// Frames that came after the exit frame or that mean nothing; a test looks at it.
  let dropped = Atomic<Int>(0)

  /// - Throws: ``ClientError`` when a connection cannot be afforded.
  init(
    _ setup: Setup, sink: any ExecutionSink, logger: Logger = Logger(label: "boxwatch.boxlite")
  ) throws(ClientError) {
    self.setup = setup
    self.logger = logger
    loop = try ClientThreads.next(for: setup.client.endpoint)
    let state = State(
      sink: sink, machine: AttachMachine(rules: setup.options.reconnect, isOurs: setup.isOurs),
      joins: Dictionary(uniqueKeysWithValues: setup.streams.streams.map { ($0, StreamJoin()) }))
    content = NIOLoopBoundBox.makeBoxSendingValue(state, eventLoop: loop)
  }

  /// The state; only on the event loop.
  var state: State {
    get { content.value }
    _modify { yield &content.value }
  }

  /// Whether nothing more will be reported.
  var hasEnded: Bool { isOver.load(ordering: .acquiring) }

  /// Marks the end; true the first time.
  func markOver() -> Bool { !isOver.exchange(true, ordering: .acquiringAndReleasing) }

  /// Runs `body` soon on the event loop; never within the caller, who may be in the midst of a report.
  func later(_ body: @escaping @Sendable (AttachSession) -> Void) { loop.execute { body(self) } }

  /// Begins, and goes on by itself until the end or ``release()``.
  func begin() { later { $0.connect(.first) } }

  /// Begins, and waits until the server lets us in; `started` is reported then.
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

  /// Lets go of everything; the command goes on.
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
