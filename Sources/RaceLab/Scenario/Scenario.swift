public import ExecModel

/// A source of steps: each takes its own steps in order, and a schedule decides the order between sources.
///
/// The cases are in the lab's order, by which schedules are compared.
public enum Source: UInt8, Hashable, Sendable, CaseIterable {
  /// The stdout pump: its chunks, then the end of stream.
  case stdout
  /// The stderr pump: its chunks, then the end of stream.
  case stderr
  /// The reaper: one report.
  case exit
  /// The waiters, one after the other; they are interchangeable, so they arrive in the order of their numbers.
  case waiter
  /// The waiter that arrives after the exit.
  case lateWaiter
  /// A grandchild that holds stdout: it writes a chunk, then it ends.
  case grandchild
  /// The timer after the exit.
  case deadline
  /// A force-close of the execution.
  case forceClose

  /// The display name.
  public var name: String {
    switch self {
    case .stdout: "stdout"
    case .stderr: "stderr"
    case .exit: "exit"
    case .waiter: "waiter"
    case .lateWaiter: "late waiter"
    case .grandchild: "grandchild"
    case .deadline: "deadline"
    case .forceClose: "force close"
    }
  }
}

/// The small system whose every schedule is tried: the definition of its events.
///
/// What the process wrote is in the kernel's pipes from the start, because a process writes before it exits; a
/// grandchild's chunk is there once `grandchild writes` has happened.
public struct Scenario: Hashable, Sendable {
  /// The maximum number of chunks per stream: with all else, the number of schedules still fits 128 bits.
  public static let mostChunks = 24
  /// The maximum number of waiters, without the late one.
  public static let mostWaiters = 8

  /// Chunks that the process writes to standard output.
  public let stdout: Int
  /// Chunks that the process writes to standard error.
  public let stderr: Int
  /// The number of waiters that may arrive at any time.
  public let waiters: Int
  /// Whether one more waiter arrives after the exit.
  public let hasLateWaiter: Bool
  /// Whether a grandchild holds stdout, writes one more chunk to it, and ends.
  public let hasGrandchild: Bool
  /// Whether a timer fires at some time after the exit.
  public let hasDeadline: Bool
  /// Whether the execution is force-closed at some time.
  public let hasForceClose: Bool
  /// The number of steps of each source, in the order of ``Source``.
  private let lengths: SIMD8<UInt8>

  /// Makes a scenario.
  ///
  /// - Throws: ``/ExecModel/TextValueError`` for a number below 0 or above its bound.
  public init(
    stdout: Int = 1, stderr: Int = 1, waiters: Int = 0, lateWaiter: Bool = false, grandchild: Bool = false,
    deadline: Bool = false, forceClose: Bool = false
  ) throws(TextValueError) {
    try Self.check(stdout, upTo: Self.mostChunks, "chunks of stdout")
    try Self.check(stderr, upTo: Self.mostChunks, "chunks of stderr")
    try Self.check(waiters, upTo: Self.mostWaiters, "waiters")
    self.init(
      checkedStdout: stdout, stderr, waiters, lateWaiter: lateWaiter, grandchild: grandchild, deadline: deadline,
      forceClose: forceClose)
  }

  private init(
    checkedStdout stdout: Int, _ stderr: Int, _ waiters: Int, lateWaiter: Bool, grandchild: Bool, deadline: Bool,
    forceClose: Bool
  ) {
    self.stdout = stdout
    self.stderr = stderr
    self.waiters = waiters
    hasLateWaiter = lateWaiter
    hasGrandchild = grandchild
    hasDeadline = deadline
    hasForceClose = forceClose
    lengths = [
      UInt8(stdout + (grandchild ? 2 : 1)), UInt8(stderr + 1), 1, UInt8(waiters), lateWaiter ? 1 : 0,
      grandchild ? 2 : 0, deadline ? 1 : 0, forceClose ? 1 : 0,
    ]
  }

  private static func check(_ number: Int, upTo most: Int, _ what: String) throws(TextValueError) {
    guard number >= 0, number <= most else { throw TextValueError("\(number) \(what): there can be 0 to \(most)") }
  }

  /// One chunk per stream, both ends and the exit: the smallest system with the race.
  public static let smallest = Scenario(
    checkedStdout: 1, 1, 0, lateWaiter: false, grandchild: false, deadline: false, forceClose: false)

  /// The same scenario with a deadline.
  public var withDeadline: Scenario {
    Scenario(
      checkedStdout: stdout, stderr, waiters, lateWaiter: hasLateWaiter, grandchild: hasGrandchild, deadline: true,
      forceClose: hasForceClose)
  }

  /// The scenario for a dispatcher: `fixed-timer` gets the deadline without which it never ends.
  public func adapted(to kind: DispatcherKind) -> Scenario { kind.needsDeadline && !hasDeadline ? withDeadline : self }

  /// The exit status of the process when it is not force-closed.
  public var status: ExitStatus { .exited(0) }

  /// The drain policy of `drain-ordered`: with a deadline one that starts a timer, otherwise one that never cuts.
  public var drain: DrainPolicy {
    hasDeadline ? .untilIdle(grace: .seconds(2), limit: .seconds(10)) : .untilEndOfStream
  }

  /// The number of steps of a source.
  public func length(_ source: Source) -> Int { Int(lengths[Int(source.rawValue)]) }

  /// The sources with at least one step.
  public var sources: [Source] { Source.allCases.filter { length($0) > 0 } }

  /// The number of steps of a complete schedule.
  public var stepCount: Int { Source.allCases.reduce(0) { $0 + length($1) } }

  /// The number of chunks of a stream when everything was written.
  public func chunks(_ stream: ExecStream) -> Int {
    switch stream {
    case .stdout: hasGrandchild ? stdout + 1 : stdout
    case .stderr: stderr
    }
  }
}
