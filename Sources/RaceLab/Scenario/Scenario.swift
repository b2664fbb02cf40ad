public import ExecModel

/// A source of steps: each takes its own steps in order, and the order between them is what a schedule decides.
///
/// The cases stand in the lab's order, by which schedules are compared.
public enum Source: UInt8, Hashable, Sendable, CaseIterable {
  /// The stdout pump: its chunks, then the end of stream.
  case stdout
  /// The stderr pump: its chunks, then the end of stream.
  case stderr
  /// The reaper: one report.
  case exit
  /// Those who wait for the end, one after the other; they are alike, so they come in the order of their numbers.
  case waiter
  /// The one who comes to wait after the exit.
  case lateWaiter
  /// A grandchild that holds stdout: it writes a chunk, then it ends.
  case grandchild
  /// The timer after the exit.
  case deadline
  /// Someone who closes the execution by force.
  case forceClose

  /// How a person calls it.
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

/// The small system whose every schedule is tried: what there is to happen.
///
/// Whatever the process wrote is in the kernel's pipes from the start, since a process writes before it exits; a
/// grandchild's chunk is there once `grandchild writes` has happened.
public struct Scenario: Hashable, Sendable {
  /// The most chunks a stream may have: with all else, the number of schedules still fits 128 bits.
  public static let mostChunks = 24
  /// The most waiters, the late one apart.
  public static let mostWaiters = 8

  /// Chunks that the process writes to standard output.
  public let stdout: Int
  /// Chunks that the process writes to standard error.
  public let stderr: Int
  /// How many wait for the end from any time on.
  public let waiters: Int
  /// Whether one more comes to wait after the exit.
  public let hasLateWaiter: Bool
  /// Whether a grandchild holds stdout, writes one more chunk to it, and ends.
  public let hasGrandchild: Bool
  /// Whether a timer is up at some time after the exit.
  public let hasDeadline: Bool
  /// Whether someone closes the execution by force at some time.
  public let hasForceClose: Bool
  /// Steps of each source, packed as a ``Position`` is.
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

  /// One chunk a stream, both ends and the exit: the smallest system that has the race.
  public static let smallest = Scenario(
    checkedStdout: 1, 1, 0, lateWaiter: false, grandchild: false, deadline: false, forceClose: false)

  /// The same with a deadline.
  public var withDeadline: Scenario {
    Scenario(
      checkedStdout: stdout, stderr, waiters, lateWaiter: hasLateWaiter, grandchild: hasGrandchild, deadline: true,
      forceClose: hasForceClose)
  }

  /// The scenario as this dispatcher runs it: `fixed-timer` gets the deadline without which it never ends.
  public func adapted(to kind: DispatcherKind) -> Scenario { kind.needsDeadline && !hasDeadline ? withDeadline : self }

  /// How a process of this scenario ends when nobody closes it by force.
  public var status: ExitStatus { .exited(0) }

  /// The drain policy that `drain-ordered` follows here: with a deadline one that starts a timer, else none that cuts.
  public var drain: DrainPolicy {
    hasDeadline ? .untilIdle(grace: .seconds(2), limit: .seconds(10)) : .untilEndOfStream
  }

  /// How many steps a source has in all.
  public func length(_ source: Source) -> Int { Int(lengths[Int(source.rawValue)]) }

  /// The sources that have a step.
  public var sources: [Source] { Source.allCases.filter { length($0) > 0 } }

  /// How many steps a whole schedule has.
  public var stepCount: Int { Source.allCases.reduce(0) { $0 + length($1) } }

  /// How many chunks a stream has when everything was written.
  public func chunks(_ stream: ExecStream) -> Int {
    switch stream {
    case .stdout: hasGrandchild ? stdout + 1 : stdout
    case .stderr: stderr
    }
  }
}
