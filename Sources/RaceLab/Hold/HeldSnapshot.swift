public import ExecModel

/// A stream of the held command: its gate, and the data behind it.
public struct HeldPipe: Hashable, Sendable {
  /// Whether its pump is kept from reading.
  public var isHeld: Bool
  /// The number of bytes in the kernel's buffer.
  public var unread: UInt64 = 0
  /// The pipe's capacity in bytes; 0 when it is closed or unknown.
  public var capacity: UInt64 = 0
  /// Whether every writer has closed it, so that end of stream follows the bytes.
  public var isEndWaiting = false
  /// The number of bytes that the pump read.
  public var read: UInt64 = 0
  /// Whether the pump reached end of stream.
  public var isOver = false

  /// Creates a stream without data.
  public init(isHeld: Bool) { self.isHeld = isHeld }

  /// Whether the pipe is full.
  public var isFull: Bool { capacity > 0 && unread >= capacity }
}

/// One of the three reports that the lab can hold back from its dispatchers.
public enum HeldGate: UInt8, Hashable, Sendable, CaseIterable {
  /// The stdout pump: its bytes stay in the kernel.
  case stdout
  /// The stderr pump.
  case stderr
  /// The exit report: the process is over, and no dispatcher has received it.
  case exit

  /// The gate of a stream's pump.
  public init(_ stream: ExecStream) {
    switch stream {
    case .stdout: self = .stdout
    case .stderr: self = .stderr
    }
  }

  /// The stream whose pump it holds; nil for the exit.
  public var stream: ExecStream? {
    switch self {
    case .stdout: .stdout
    case .stderr: .stderr
    case .exit: nil
    }
  }

  /// The displayed name.
  public var name: String { stream?.name ?? "exit" }
}

/// The exit of the held command: its gate, and the status behind it.
public struct HeldExit: Hashable, Sendable {
  /// Whether its report is held back.
  public var isHeld: Bool
  /// The exit status; nil while the process is running.
  public var status: ExitStatus?
  /// Whether the dispatchers received it.
  public var isTold = false

  /// Creates the exit of a running process.
  public init(isHeld: Bool) { self.isHeld = isHeld }
}

/// The complete state of a held command for the screen.
public struct HeldSnapshot: Hashable, Sendable {
  /// The command.
  public let command: [String]
  /// The process number; nil before it is known.
  public var processIdentifier: Int32?
  /// Its last observed activity.
  public var activity = HeldActivity.running
  /// The streams.
  public var pipes: PerStream<HeldPipe>
  /// The exit.
  public var exit: HeldExit
  /// The dispatchers; the one in the right half is last.
  public var sides: [HeldSide]
  /// The actual events, in order; the oldest are dropped.
  public var moments: [HeldMoment] = []
  /// Whether everything was passed on, so that no more events will happen.
  public var isComplete = false

  /// Creates the state of a command that has just been started.
  public init(_ command: [String], holding gates: Set<HeldGate>, kinds: [DispatcherKind]) {
    self.command = command
    pipes = PerStream(
      stdout: HeldPipe(isHeld: gates.contains(.stdout)), stderr: HeldPipe(isHeld: gates.contains(.stderr)))
    exit = HeldExit(isHeld: gates.contains(.exit))
    sides = kinds.map(HeldSide.init)
  }

  /// One of the two streams.
  public subscript(stream: ExecStream) -> HeldPipe {
    get { pipes[stream] }
    set { pipes[stream] = newValue }
  }

  /// Whether a gate is closed.
  public func isHeld(_ gate: HeldGate) -> Bool {
    guard let stream = gate.stream else { return exit.isHeld }
    return self[stream].isHeld
  }

  /// Whether a gate's report has already been passed on.
  public func isSpent(_ gate: HeldGate) -> Bool {
    guard let stream = gate.stream else { return exit.isTold }
    return self[stream].isOver
  }

  /// The side of a dispatcher; nil when it is not shown.
  public func side(_ kind: DispatcherKind) -> HeldSide? { sides.first { $0.kind == kind } }

  /// The dispatchers that can be used with a held command: those that do not read pipes themselves.
  public static let kinds: [DispatcherKind] = [
    .exitFirst, .exitGated, .lateRegistration, .fixedTimer, .endOfStreamOnly, .drainOrdered,
  ]
}

/// One dispatcher over the held command: its announcements, and its user's state.
public struct HeldSide: Hashable, Sendable {
  /// The dispatcher.
  public let kind: DispatcherKind
  /// Its announcements, in order; the oldest are dropped.
  public var told: [HeldTold] = []
  /// The number of bytes that its user has read.
  public var read = PerStream<UInt64>()
  /// The last lines of each stream that its user has read.
  public var lines = PerStream<[String]>(repeating: [])
  /// The last lines that arrived after its user had stopped reading.
  public var lostLines: [String] = []
  /// The end that its user received; nil while it is reading.
  public var end: Consumer.End?
  /// When its user received the end, in nanoseconds since the start.
  public var endTime: UInt64?
  /// The number of bytes that were written and that its user, who has stopped reading, will never
  /// see.
  public var lost = PerStream<UInt64>()
  /// Whether it received the exit.
  public var heardExit = false
  /// The streams whose end it has not received.
  public var open = StreamSet.both
  /// Whether the exit and both ends of stream were passed on, so that nothing more can arrive.
  public var isComplete = false

  /// Creates a side without announcements.
  public init(_ kind: DispatcherKind) { self.kind = kind }

  /// Whether its user lost output.
  public var isLosing: Bool { lost.total > 0 }
}
