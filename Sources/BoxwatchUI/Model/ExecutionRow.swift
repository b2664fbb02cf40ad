public import ExecModel

/// Where an execution stands, as far as its events have told.
public enum RowState: Hashable, Sendable {
  /// Its turn in a long list has not come: nothing of it was started.
  case waiting
  /// Asked for, not heard of yet.
  case starting
  /// The process runs.
  case running
  /// The process ended with this status, and something may still write. Not the end.
  case draining(ExitStatus)
  /// The held streams are being given up.
  case emptying(ExitStatus)
  /// The terminal event was received; nothing comes after it.
  case done(Conclusion)
  /// Its boxwatch died before the end: the command may go on, and nobody reads it.
  case interrupted

  /// How the process ended, as far as it has: `exit 3`, `SIGTERM`; empty while it runs.
  var statusWords: String {
    switch self {
    case .waiting, .starting, .running, .interrupted: ""
    case .draining(let status), .emptying(let status): status.words
    case .done(let conclusion): conclusion.outcome.status.words
    }
  }
}

/// A place in a stream where bytes are missing, or may be.
public struct RowGap: Hashable, Sendable {
  /// The stream.
  public var stream: ExecStream
  /// The offset of the first byte after it.
  public var offset: UInt64
  /// Why.
  public var gap: OutputGap

  /// Makes a place.
  public init(stream: ExecStream, offset: UInt64, gap: OutputGap) {
    self.stream = stream
    self.offset = offset
    self.gap = gap
  }
}

/// What cannot be done to an execution from here, each with the reason as a sentence; nil for what can.
///
/// An execution of this boxwatch is limited by its box alone, which the model knows by name.
public struct RowLimits: Hashable, Sendable {
  /// Why signals cannot be sent.
  public var signals: String?
  /// Why nothing can be written to its input.
  public var input: String?
  /// Why it cannot be closed by force.
  public var kill: String?
  /// Why held streams cannot be given up.
  public var release: String?
  /// Why its terminal keeps its size, whatever its pane's is.
  public var resize: String?

  /// Nothing is impossible.
  public static let none = RowLimits()

  /// Makes limits.
  public init(
    signals: String? = nil, input: String? = nil, kill: String? = nil, release: String? = nil, resize: String? = nil
  ) {
    self.signals = signals
    self.input = input
    self.kill = kill
    self.release = release
    self.resize = resize
  }

  /// Nothing is possible, for one reason.
  public init(everything reason: String) {
    self.init(signals: reason, input: reason, kill: reason, release: reason, resize: reason)
  }
}

/// What the screen knows about one execution: all of it from its events, nothing from anywhere else.
public struct ExecutionRow: Hashable, Sendable {
  /// The execution.
  public let id: ExecutionID
  /// What was asked for.
  public let spec: ExecutionSpec
  /// The box it runs in.
  public let box: String
  /// Its number on the screen, from 1 in start order; never given twice.
  public let number: Int
  /// Whose it is.
  public let origin: RowOrigin
  /// When it was created, in nanoseconds on the monotonic clock.
  public let created: UInt64

  /// What cannot be done to it from here.
  public internal(set) var limits: RowLimits
  /// The process on the host, when there is one.
  public internal(set) var processIdentifier: Int32?
  /// Where it stands.
  public internal(set) var state = RowState.starting
  /// Bytes of each stream that events have announced.
  public internal(set) var lengths = StreamCounts()
  /// Newlines of each stream, evicted ones included.
  public internal(set) var newlines = StreamCounts()
  /// Streams whose last byte is no newline.
  public internal(set) var unterminated: StreamSet = []
  /// Where each stream's kept bytes begin.
  public internal(set) var evicted = StreamCounts()
  /// Where bytes are missing, or may be, in order.
  public internal(set) var gaps: [RowGap] = []
  /// Streams that may still bring bytes.
  public internal(set) var open: StreamSet
  /// Streams the journal cannot take bytes of, with the error's number (0: a subscriber that must have all is behind).
  public internal(set) var stalls: [ExecStream: Int32] = [:]
  /// Why nothing can be recorded now, by error number; nil when it can.
  public internal(set) var recordStall: Int32?
  /// From where on its record is lost, and why.
  public internal(set) var recordLoss: RecordLoss?
  /// Who holds the streams open, as last looked up.
  public internal(set) var holders: [PipeHolder] = []
  /// Most gaps that are remembered.
  static let gapLimit = 1024
  /// When holders were looked up last, on the monotonic clock.
  var holdersAsked: UInt64?
  /// When it was last heard of, in nanoseconds since it was created.
  public internal(set) var lastHeard: UInt64 = 0
  /// Whether boxwatch let go of it when it was left, so that it goes on.
  public internal(set) var isLeft = false
  /// When the parts of the end happened.
  public internal(set) var marks = EndMarks()
  /// How fast bytes come.
  public internal(set) var rate = RateHistory()
  /// What it uses of processor and memory, as far as it was measured.
  public internal(set) var usage = UsageHistory()
  /// Why its start was refused, in a sentence; no event has room for it.
  public internal(set) var startError: String?
  /// Whether its time limit was up.
  public internal(set) var isTimedOut = false
  /// Whether someone closed it by force.
  public internal(set) var isForced = false
  /// Whether its standard input was closed from here.
  public internal(set) var isInputClosed: Bool
  /// Writes to its standard input that were not taken yet.
  public internal(set) var pendingWrites = 0
  /// The size its terminal was given last, when it has one.
  public internal(set) var terminalSize: TerminalSize?
  /// How its panes stand.
  public internal(set) var panes = PaneStates()

  /// A row for an execution that was just created.
  public init(
    id: ExecutionID, spec: ExecutionSpec, box: String, number: Int, created: UInt64, origin: RowOrigin = .own,
    limits: RowLimits = .none
  ) {
    self.id = id
    self.spec = spec
    self.box = box
    self.number = number
    self.created = created
    self.origin = origin
    self.limits = limits
    open = spec.streams
    terminalSize = spec.terminal
    isInputClosed = spec.input != .pipe && spec.terminal == nil
  }

  /// What it is called: its name, else its command.
  public var title: String { spec.name ?? CommandWords.joined(spec.command) }
  /// The box as people know it: that of the client that asked for it, or else its own.
  public var boxTitle: String { spec.clientBox?.title ?? box }
  /// Whether it has a terminal, and so one merged pane.
  public var hasTerminal: Bool { spec.terminal != nil }
  /// The streams it has panes for.
  public var streams: [ExecStream] { spec.streams.streams }

  /// How it ended; nil until the terminal event.
  public var conclusion: Conclusion? {
    switch state {
    case .done(let conclusion): conclusion
    case .waiting, .starting, .running, .draining, .emptying, .interrupted: nil
    }
  }

  /// Whether the terminal event was received.
  public var isDone: Bool { conclusion != nil }
  /// Whether nothing more is to come: it is done, or interrupted.
  public var isOver: Bool { isDone || state == .interrupted }

  /// Whether its turn has not come yet.
  public var isWaiting: Bool { state == .waiting }

  /// Lines of a stream; a last one without a newline counts.
  public func lines(_ stream: ExecStream) -> UInt64 {
    newlines[stream] &+ (unterminated.contains(stream) ? 1 : 0)
  }

  /// Lines of all streams.
  public var totalLines: UInt64 { streams.reduce(0) { $0 &+ lines($1) } }

  /// Bytes of all streams; counts come from outside, so that their sum must not trap.
  public var totalBytes: UInt64 { lengths.stdout &+ lengths.stderr }

  /// How long it has lived, or lived, in nanoseconds.
  public func elapsed(now: UInt64) -> UInt64 {
    if state == .interrupted { return lastHeard }
    if isWaiting { return 0 }
    return marks.exit ?? (now > created ? now - created : 0)
  }
}
