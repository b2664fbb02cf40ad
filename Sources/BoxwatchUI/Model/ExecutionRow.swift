public import ExecModel
import Widgets

extension Standing {
  /// The process's exit status as far as it is known, such as `exit 3` or `SIGTERM`; empty while it runs.
  var statusWords: String { status?.words ?? "" }
}

/// A place in a stream where bytes are missing, or may be.
public struct RowGap: Hashable, Sendable {
  /// The stream.
  public var stream: ExecStream
  /// The offset of the first byte after the gap.
  public var offset: UInt64
  /// The reason.
  public var gap: OutputGap

  /// Creates a gap.
  public init(stream: ExecStream, offset: UInt64, gap: OutputGap) {
    self.stream = stream
    self.offset = offset
    self.gap = gap
  }
}

/// The operations that are not possible from here, each with the reason as a sentence; nil when
/// possible.
///
/// An execution of this boxwatch is limited only by its box, which the model finds by name.
public struct RowLimits: Hashable, Sendable {
  /// Why signals cannot be sent.
  public var signals: String?
  /// Why its input cannot be written.
  public var input: String?
  /// Why it cannot be force-closed.
  public var kill: String?
  /// Why held streams cannot be released.
  public var release: String?
  /// Why its terminal keeps its size, whatever the pane's size is.
  public var resize: String?

  /// No limits.
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

  /// Disables every operation for one reason.
  public init(everything reason: String) {
    self.init(signals: reason, input: reason, kill: reason, release: reason, resize: reason)
  }
}

/// The screen's state of one execution, derived from its events only.
public struct ExecutionRow: Hashable, Sendable {
  /// The execution.
  public let id: ExecutionID
  /// The requested command.
  public let spec: ExecutionSpec
  /// The box it runs in.
  public let box: String
  /// Its number on the screen, from 1 in start order; numbers are not reused.
  public let number: Int
  /// Its origin.
  public let origin: RowOrigin
  /// When it was created, in nanoseconds on the monotonic clock.
  public let created: UInt64

  /// The operations that are not possible from here.
  public let limits: RowLimits
  /// The process on the host, if there is one.
  public internal(set) var processIdentifier: Int32?
  /// The current state.
  public var state: Standing { fold.standing }
  var fold: StandingFold
  /// The number of bytes of each stream that events have announced.
  public internal(set) var lengths = PerStream<UInt64>()
  /// The number of newlines of each stream, evicted ones included.
  public internal(set) var newlines = PerStream<UInt64>()
  /// The streams whose last byte is not a newline.
  public internal(set) var unterminated: StreamSet = []
  /// The offset of the first byte of each stream that is still kept.
  public internal(set) var evicted = PerStream<UInt64>()
  /// The places where bytes are missing, or may be, in order.
  public internal(set) var gaps: [RowGap] = []
  /// The streams that have not reached their end.
  public internal(set) var open: StreamSet
  /// Streams whose bytes the journal cannot take, with the error number (0: a subscriber that must
  /// have every byte is behind).
  public internal(set) var stalls: PerStream<Int32?> = [:]
  /// Why nothing can be recorded now, as an error number; nil when it can be.
  public internal(set) var recordStall: Int32?
  /// Where the record's loss begins, and why.
  public internal(set) var recordLoss: RecordLoss?
  /// The processes that hold the streams open, from the last lookup.
  public internal(set) var holders: [PipeHolder] = []
  /// The maximum number of gaps kept.
  static let gapLimit = 1024
  /// When holders were last looked up, on the monotonic clock.
  var holdersAsked: UInt64?
  /// The time of the last event, in nanoseconds since its creation.
  public internal(set) var lastHeard: UInt64 = 0
  /// Whether boxwatch detached from it when leaving, so that it goes on.
  public internal(set) var isLeft = false
  /// The times of the steps of its end.
  public internal(set) var marks = EndMarks()
  /// The rate at which bytes arrive.
  public internal(set) var rate = RateHistory()
  /// Its processor and memory usage, as far as it was measured.
  public internal(set) var usage = UsageHistory()
  /// Why its start was refused, in a sentence; no event carries it.
  public internal(set) var startError: String?
  /// Whether its time limit expired.
  public internal(set) var isTimedOut = false
  /// Whether it was force-closed.
  public var isForced: Bool { fold.isForced }
  /// Whether its standard input was closed from here.
  public internal(set) var isInputClosed: Bool
  /// The number of pending writes to its standard input.
  public internal(set) var pendingWrites = 0
  /// The last size set on its terminal, if it has one.
  public internal(set) var terminalSize: TerminalSize?
  /// The state of its panes.
  public internal(set) var panes = PerStream(repeating: PaneState())

  /// Creates a row for an execution that was just created.
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
    fold = StandingFold(drain: spec.drain)
    open = spec.streams
    terminalSize = spec.terminal
    isInputClosed = spec.input != .pipe && spec.terminal == nil
  }

  /// Its name, or else its command.
  public var title: String { spec.name ?? CommandWords.joined(spec.command) }
  /// The box's displayed name: that of the client that requested it, or else its own.
  public var boxTitle: String { spec.clientBox?.title ?? box }
  /// Whether it has a terminal, and so one merged pane.
  public var hasTerminal: Bool { spec.terminal != nil }
  /// The streams it has panes for.
  public var streams: [ExecStream] { spec.streams.streams }

  /// How it ended; nil until the terminal event.
  public var conclusion: Conclusion? { state.conclusion }

  /// Whether the terminal event was received.
  public var isDone: Bool { state.isDone }
  /// Whether it is over: done or interrupted.
  public var isOver: Bool { !state.isLive }

  /// Whether it waits for its turn.
  public var isWaiting: Bool { state == .waiting }

  /// The number of lines of a stream; a last line without a newline counts.
  public func lines(_ stream: ExecStream) -> UInt64 {
    newlines[stream] &+ (unterminated.contains(stream) ? 1 : 0)
  }

  /// The number of lines of all streams.
  public var totalLines: UInt64 { streams.reduce(0) { $0 &+ lines($1) } }

  /// The number of bytes of all streams; counts come from outside, so the addition must not trap.
  public var totalBytes: UInt64 { lengths.stdout &+ lengths.stderr }

  /// Its running time so far, or in total once it is over, in nanoseconds.
  public func elapsed(now: UInt64) -> UInt64 {
    if state == .interrupted { return lastHeard }
    if isWaiting { return 0 }
    return marks.exit ?? (now > created ? now - created : 0)
  }
}
