public import ExecModel

/// Something that happened to an execution, as reported to a dispatcher.
///
/// The explorer makes happenings from a schedule; a live run makes them from real pumps, a real reaper and real timers.
public enum Happening: Hashable, Sendable {
  /// A pump delivers a chunk; the stream's chunks are numbered from 0, without gaps.
  case output(ExecStream, chunk: Int)
  /// A pump read the end of its stream.
  case endOfStream(ExecStream)
  /// A stream that the dispatcher requested to empty holds no more bytes, and is closed before its end.
  case emptied(ExecStream)
  /// The process was reaped.
  case exited(ExitStatus)
  /// A waiter registers; waiters are numbered from 0 to ``WaiterSet/capacity`` − 1.
  case waits(waiter: Int)
  /// The timer that the dispatcher started has fired.
  case deadline
  /// The execution was force-closed: the process is killed, and its exit will be reported.
  case forceClosed
}

/// What a dispatcher announces to its consumer.
public enum Announcement: Hashable, Sendable {
  /// A chunk of a stream, by its number in the stream.
  case output(ExecStream, chunk: Int)
  /// The end: the status, nil when the dispatcher has none, and the streams that it reports as cut.
  case exit(ExitStatus?, truncated: StreamSet)
  /// The answer to one waiter.
  case wait(waiter: Int, ExitStatus?)

  /// Whether a client stops reading at this announcement.
  public var isTerminal: Bool {
    switch self {
    case .output: false
    case .exit, .wait: true
    }
  }

  /// Its text in a list: `stdout chunk 1`, `Exit: exit 0`, `Wait 1: exit 0`.
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

/// The answers to one happening as a value, for live runs and the screen, which act on them one by one.
public struct Answer: DispatcherOutput, Hashable, Sendable {
  /// The announcements, in order.
  public private(set) var announcements: [Announcement] = []
  /// The streams to empty now.
  public private(set) var emptying: StreamSet = []
  /// Whether to start a timer.
  public private(set) var startsTimer = false

  /// Makes an empty answer.
  public init() {}

  /// Adds an announcement.
  public mutating func announce(_ announcement: Announcement) { announcements.append(announcement) }
  /// Adds streams to empty.
  public mutating func emptyKernel(_ streams: StreamSet) { emptying.formUnion(streams) }
  /// Requests a timer.
  public mutating func startTimer() { startsTimer = true }
}

/// Receives a dispatcher's answers: announcements for the consumer, and requests to its environment.
public protocol DispatcherOutput {
  /// Appends an announcement to the consumer's queue.
  mutating func announce(_ announcement: Announcement)
  /// Requests all bytes that the kernel holds of these streams now.
  ///
  /// Each of them is answered with its chunks and then with `emptied`, or with `endOfStream` if the read found it. No
  /// pump delivers anything of the stream after that.
  mutating func emptyKernel(_ streams: StreamSet)
  /// Requests one later `deadline`.
  mutating func startTimer()
}

/// Decides when the end is announced to a consumer: a small value that takes happenings and makes announcements.
///
/// It has no access to the scenario or to later steps, so the same value serves the explorer, the screen and real
/// processes.
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
