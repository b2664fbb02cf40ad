public import ExecModel
public import RaceLab

/// A stream of the held command: its gate, and what waits behind it.
public struct HeldPipe: Hashable, Sendable {
  /// Whether its pump may not read.
  public var isHeld: Bool
  /// Bytes that the kernel holds.
  public var unread: UInt64 = 0
  /// Bytes that the kernel's pipe can hold; 0 when it is closed or does not say.
  public var capacity: UInt64 = 0
  /// Whether every writer is gone, so that the end of the stream waits behind the bytes.
  public var isEndWaiting = false
  /// Bytes that the pump brought.
  public var read: UInt64 = 0
  /// Whether the pump brought the end.
  public var isOver = false

  /// A stream that nothing was written to.
  public init(isHeld: Bool) { self.isHeld = isHeld }

  /// Whether not one byte more fits.
  public var isFull: Bool { capacity > 0 && unread >= capacity }
}

/// One of the three reports that the lab can hold back from its dispatchers.
public enum HeldGate: UInt8, Hashable, Sendable, CaseIterable {
  /// The stdout pump: its bytes stay in the kernel.
  case stdout
  /// The stderr pump.
  case stderr
  /// The exit's report: the process is over, and nobody is told.
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

  /// How a person calls it.
  public var name: String { stream?.name ?? "exit" }
}

/// The exit of the held command: its gate, and what waits behind it.
public struct HeldExit: Hashable, Sendable {
  /// Whether its report is held back.
  public var isHeld: Bool
  /// How the process ended; nil while it runs.
  public var status: ExitStatus?
  /// Whether the dispatchers were told.
  public var isTold = false

  /// The exit of a process that runs.
  public init(isHeld: Bool) { self.isHeld = isHeld }
}

/// Everything that the lab shows of a real command whose reports are held by hand.
public struct HeldSnapshot: Hashable, Sendable {
  /// The command's words.
  public let command: [String]
  /// The process's number; nil before it is known.
  public var processIdentifier: Int32?
  /// What it was last seen to do.
  public var activity = HeldActivity.running
  /// Standard output.
  public var stdout: HeldPipe
  /// Standard error.
  public var stderr: HeldPipe
  /// The exit.
  public var exit: HeldExit
  /// The dispatchers over it, the one that the right half shows last.
  public var sides: [HeldSide]
  /// What really happened, in order; the oldest are dropped.
  public var moments: [HeldMoment] = []
  /// Whether everything was passed on, so that nothing more will happen.
  public var isComplete = false

  /// A command that has just been started.
  public init(_ command: [String], holding gates: Set<HeldGate>, kinds: [DispatcherKind]) {
    self.command = command
    stdout = HeldPipe(isHeld: gates.contains(.stdout))
    stderr = HeldPipe(isHeld: gates.contains(.stderr))
    exit = HeldExit(isHeld: gates.contains(.exit))
    sides = kinds.map(HeldSide.init)
  }

  /// One of the two streams.
  public subscript(stream: ExecStream) -> HeldPipe {
    get {
      switch stream {
      case .stdout: stdout
      case .stderr: stderr
      }
    }
    set {
      switch stream {
      case .stdout: stdout = newValue
      case .stderr: stderr = newValue
      }
    }
  }

  /// Whether a gate is closed.
  public func isHeld(_ gate: HeldGate) -> Bool {
    guard let stream = gate.stream else { return exit.isHeld }
    return self[stream].isHeld
  }

  /// Whether what a gate could hold has been passed on already.
  public func isSpent(_ gate: HeldGate) -> Bool {
    guard let stream = gate.stream else { return exit.isTold }
    return self[stream].isOver
  }

  /// The side of a dispatcher; nil when it is none of those that can be shown.
  public func side(_ kind: DispatcherKind) -> HeldSide? { sides.first { $0.kind == kind } }

  /// The dispatchers that can stand over a held command: those that read nothing themselves.
  public static let kinds: [DispatcherKind] = [
    .exitFirst, .exitGated, .lateRegistration, .fixedTimer, .endOfStreamOnly, .drainOrdered,
  ]
}

/// One dispatcher over the held command: what it told, and what its user has.
public struct HeldSide: Hashable, Sendable {
  /// Which dispatcher.
  public let kind: DispatcherKind
  /// What it told, in order; the oldest are dropped.
  public var told: [HeldTold] = []
  /// Bytes that its user has read.
  public var read = StreamCounts()
  /// The last lines that its user has read of stdout.
  public var stdout: [String] = []
  /// The last lines that its user has read of stderr.
  public var stderr: [String] = []
  /// The last lines that came after its user had stopped reading.
  public var lostLines: [String] = []
  /// What its user believes to be the end; nil while it reads.
  public var end: Consumer.End?
  /// When it was told the end, in nanoseconds since the start.
  public var endTime: UInt64?
  /// Bytes that were written and that its user, who has stopped reading, will never see.
  public var lost = StreamCounts()
  /// Whether it was told of the exit.
  public var heardExit = false
  /// The streams whose end it was not told of.
  public var open = StreamSet.both
  /// Whether the exit and both ends were passed on, so that nothing more can come.
  public var isComplete = false

  /// A side that was told nothing.
  public init(_ kind: DispatcherKind) { self.kind = kind }

  /// Whether its user lost something.
  public var isLosing: Bool { lost.total > 0 }

  /// The last lines of a stream that its user has.
  public func lines(_ stream: ExecStream) -> [String] {
    switch stream {
    case .stdout: stdout
    case .stderr: stderr
    }
  }

  /// What to show as lost: the lines, or, while the kernel holds them still, that it does.
  var lostRows: [String] {
    guard isLosing else { return [] }
    return lostLines.isEmpty ? ["still in the kernel's pipe"] : lostLines
  }

  /// One sentence: `done, exit 0, 13 bytes lost`.
  public var verdict: String {
    guard let end else { return openVerdict }
    return ["done", end.status?.words ?? "status unknown", outcome].joined(separator: ", ")
  }

  private var outcome: String {
    let bytes = lost.total
    if bytes > 0 { return "\(NumberText.grouped(bytes)) byte\(bytes == 1 ? "" : "s") lost" }
    return isComplete ? "whole" : "nothing lost yet"
  }

  private var openVerdict: String {
    if heardExit { return "held back" + (open.isEmpty ? "" : ": \(open.names) open") }
    let bytes = read.total
    return bytes == 0 ? "reading, nothing so far" : "reading, \(NumberText.grouped(bytes)) bytes so far"
  }

  /// What the verdict looks like.
  var role: Role {
    guard let end else { return heardExit ? .execDraining : .execRunning }
    if isLosing { return .execLost }
    guard isComplete else { return .warning }
    return end.status?.isSuccess == true ? .execOK : .execFailed
  }

  /// A mark before the verdict.
  func glyph(isUTF8: Bool) -> String {
    guard end != nil else { return isUTF8 ? "◐" : "%" }
    if isLosing { return isUTF8 ? "✖" : "x" }
    return isComplete ? (isUTF8 ? "✔" : "+") : "!"
  }
}
