public import ExecModel

/// Something that happened to an execution, as a dispatcher is told of it.
///
/// The explorer makes happenings from a schedule; a live run makes them from real pumps, a real reaper and real timers.
public enum Happening: Hashable, Sendable {
  /// A pump brings a chunk; the stream's chunks are numbered from 0, without gaps.
  case output(ExecStream, chunk: Int)
  /// A pump read its stream's end.
  case endOfStream(ExecStream)
  /// A stream that the dispatcher asked to be emptied holds nothing more now, and is closed without having ended.
  case emptied(ExecStream)
  /// The reaper saw the process end.
  case exited(ExitStatus)
  /// Someone asks to be told the end; waiters are numbered from 0 to ``WaiterSet/capacity`` − 1.
  case waits(waiter: Int)
  /// The timer that the dispatcher had started is up.
  case deadline
  /// Someone closes the execution by force: the process is killed, and its exit will be reported.
  case forceClosed
}

/// What a dispatcher tells its consumer.
public enum Announcement: Hashable, Sendable {
  /// A chunk of a stream, by its number in the stream.
  case output(ExecStream, chunk: Int)
  /// The end: the status, nil when the dispatcher does not know it, and the streams it says it cut short.
  case exit(ExitStatus?, truncated: StreamSet)
  /// The answer to one waiter.
  case wait(waiter: Int, ExitStatus?)

  /// Whether a client stops reading at this.
  public var isTerminal: Bool {
    switch self {
    case .output: false
    case .exit, .wait: true
    }
  }

  /// How a queue shows it: `stdout chunk 1`, `Exit: exit 0`, `Wait 1: exit 0`.
  public var words: String {
    switch self {
    case .output(let stream, let chunk): "\(stream.name) chunk \(chunk &+ 1)"
    case .exit(let status, let truncated):
      "Exit: " + Self.words(status) + (truncated.isEmpty ? "" : ", \(truncated.names) cut short")
    case .wait(let waiter, let status): "Wait \(waiter &+ 1): " + Self.words(status)
    }
  }

  private static func words(_ status: ExitStatus?) -> String { status?.words ?? "status unknown" }
}

/// One happening's answers as a value, for callers that act on them one by one: live runs and the screen.
public struct Answer: DispatcherOutput, Hashable, Sendable {
  /// What the consumer is told, in order.
  public private(set) var announcements: [Announcement] = []
  /// The streams that must be emptied now.
  public private(set) var emptying: StreamSet = []
  /// Whether a timer must be started.
  public private(set) var startsTimer = false

  /// An answer with nothing in it.
  public init() {}

  /// Adds an announcement.
  public mutating func announce(_ announcement: Announcement) { announcements.append(announcement) }
  /// Adds streams to be emptied.
  public mutating func emptyKernel(_ streams: StreamSet) { emptying.formUnion(streams) }
  /// Notes that a timer is wanted.
  public mutating func startTimer() { startsTimer = true }
}

/// Where a dispatcher puts its answers: announcements for the consumer, and what it asks of its surroundings.
public protocol DispatcherOutput {
  /// Puts an announcement into the consumer's queue.
  mutating func announce(_ announcement: Announcement)
  /// Asks for all that the kernel holds of these streams now.
  ///
  /// It is answered, for each of them, with its chunks and then with `emptied`, or with `endOfStream` when that is what
  /// the read found. No pump brings anything of the stream after that.
  mutating func emptyKernel(_ streams: StreamSet)
  /// Asks for one `deadline`, later.
  mutating func startTimer()
}

/// Who decides when a consumer is told the end: a small value that takes happenings and answers announcements.
///
/// It knows neither the scenario nor how much is still to come, so that the same value serves the explorer, the screen
/// and real processes.
public protocol Dispatcher: Hashable, Sendable {
  /// Takes one happening and puts its answers into `output`.
  mutating func take(_ happening: Happening, into output: inout some DispatcherOutput)
}

extension Dispatcher {
  /// Takes one happening and returns its answers.
  public mutating func take(_ happening: Happening) -> Answer {
    var answer = Answer()
    take(happening, into: &answer)
    return answer
  }
}
