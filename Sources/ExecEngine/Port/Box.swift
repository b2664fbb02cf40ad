public import ExecModel

/// What a box can do; the screen greys what is missing.
public struct BoxCapabilities: OptionSet, Hashable, Sendable {
  /// One bit for each ability.
  public let rawValue: UInt32

  /// Makes a set from its bits.
  public init(rawValue: UInt32) { self.rawValue = rawValue }

  /// Commands can have a pseudo terminal.
  public static let terminal = BoxCapabilities(rawValue: 1 << 0)
  /// Commands can read what is written to them.
  public static let input = BoxCapabilities(rawValue: 1 << 1)
  /// Signals reach the command itself, not just a client of it.
  public static let signals = BoxCapabilities(rawValue: 1 << 2)
  /// A terminal can change its size while the command runs.
  public static let resize = BoxCapabilities(rawValue: 1 << 3)
  /// The processes that hold a stream after the exit can be named.
  public static let holders = BoxCapabilities(rawValue: 1 << 4)
  /// Commands go on when boxwatch lets go of them: it is attached to them, and has not started them.
  public static let outlives = BoxCapabilities(rawValue: 1 << 5)

  /// KILL reaches everything that the command has started, also what left its process group.
  public static let killAll = BoxCapabilities(rawValue: 1 << 6)
  /// What a command or the whole box uses of memory and processors can be asked.
  public static let usage = BoxCapabilities(rawValue: 1 << 7)
  /// Commands can run as another user of the box.
  public static let user = BoxCapabilities(rawValue: 1 << 8)

  /// A command can be attached to when the boxwatch that started it is gone.
  public static let reattach = BoxCapabilities(rawValue: 1 << 9)

  /// Everything that a command started by boxwatch can have.
  public static let everything: BoxCapabilities = [.terminal, .input, .signals, .resize, .holders, .usage]
}

/// A place where commands run: the port that every back end implements.
public protocol Box: Sendable {
  /// The name people choose it by: `local`, `bwrap`, or a name from the configuration.
  var name: String { get }
  /// What this box can and cannot do.
  var capabilities: BoxCapabilities { get }

  /// Why commands cannot run as another user (``ExecutionSpec/user``), in one sentence; nil when they can.
  var userRefusal: String? { get }

  /// Whether its commands are processes of another program, which go on when this one crashes.
  var isElsewhere: Bool { get }

  /// Starts a command and reports everything about it to `sink`, synchronously and in order for each stream.
  ///
  /// The box calls ``ExecutionSink/started(processIdentifier:)`` before any other report, and registers for the exit
  /// before the process can end. It may report from other threads before this method returns.
  ///
  /// - Throws: ``BoxError`` when the command never ran; nothing was reported then.
  func start(_ spec: ExecutionSpec, reportingTo sink: any ExecutionSink) throws(BoxError) -> any BoxProcess

  /// What everything in the box uses; nil where the box counts nothing, and for a box that is no more than one command.
  ///
  /// It may ask the system, and another program: never on a thread that must not wait.
  func usage() -> ResourceUsage?
}

extension Box {
  /// Commands are processes of ours.
  public var isElsewhere: Bool { false }

  /// Nothing is counted.
  public func usage() -> ResourceUsage? { nil }

  /// What the capabilities say, in words for any box.
  public var userRefusal: String? {
    capabilities.contains(.user) ? nil : "the box '\(name)' runs commands as its own user only"
  }

  /// Refuses a spec that names a user where the box knows only one: it must not seem to have changed to it.
  ///
  /// - Throws: ``BoxError`` with `box`.
  public func checkUser(of spec: ExecutionSpec) throws(BoxError) {
    guard spec.user != nil, let userRefusal else { return }
    throw BoxError(.box, userRefusal)
  }
}

/// A started command, as the engine drives it.
///
/// Every method may be called from any thread, also after the end.
public protocol BoxProcess: Sendable {
  /// Queues bytes for the command's input; `completion` is called once, when the kernel took them all or will not.
  ///
  /// Writes keep their order. The completion may be called from a pump thread and must not block.
  func write(_ bytes: [UInt8], completion: @escaping @Sendable (InputError?) -> Void)

  /// Closes the command's input after what was queued; a terminal gets its end-of-file character.
  func closeInput()

  /// Sends a signal to the command's process group.
  func signal(_ signal: Signal) throws(SignalError)

  /// Tells the command's terminal its new size; without a terminal does nothing.
  func resize(_ size: TerminalSize)

  /// Reads what the kernel holds of these streams now, reports it, closes them, and reports each with
  /// ``ExecutionSink/emptied(_:)``, or with ``ExecutionSink/endOfStream(_:)`` when the end was there.
  ///
  /// It ends even when a holder goes on writing: what was buffered at the time of the call bounds it.
  func emptyStreams(_ streams: StreamSet)

  /// Goes on reading a stream whose last report was not taken whole.
  func resumeReading(_ stream: ExecStream)

  /// The processes that hold the given streams open, the command itself excluded; slow, asks the system.
  func holders(of streams: StreamSet) -> [PipeHolder]

  /// What the command and its descendants use; nil where nobody counts, and after the end. It asks the system.
  func usage() -> ResourceUsage?

  /// Gives back everything; the engine calls it once, after the terminal event.
  func release()
}

extension BoxProcess {
  /// Nothing is counted.
  public func usage() -> ResourceUsage? { nil }
}

/// Where a box reports what happens to one command.
///
/// Calls are synchronous: when one returns, its effect is recorded.
///
/// Reports of one stream come from one thread at a time, in order. None of them may announce the end: that is the
/// engine's.
public protocol ExecutionSink: AnyObject, Sendable {
  /// The command runs; the process's number on the host, when there is one. Comes before every other report.
  func started(processIdentifier: Int32?)

  /// Bytes of a stream arrived. Returns how many were taken.
  ///
  /// When fewer than all were taken, the box keeps the rest, stops reading that stream (the command then blocks), and
  /// offers the rest again after ``BoxProcess/resumeReading(_:)``.
  func output(_ stream: ExecStream, _ bytes: borrowing RawSpan) -> Int

  /// Bytes are missing before the stream's next byte, or may be; none that come later are affected.
  func gap(_ stream: ExecStream, _ gap: OutputGap)

  /// The stream's end was read.
  func endOfStream(_ stream: ExecStream)

  /// The stream was emptied and closed before its end.
  func emptied(_ stream: ExecStream)

  /// The stream cannot be read any more, by error number (read(2)); the command goes on.
  func failed(_ stream: ExecStream, errno: Int32)

  /// The process ended: `.exited`, `.signalled`, or `.unknown` when its status cannot be had.
  func exited(_ status: ExitStatus)

  /// The box cannot tell anything more about this command.
  func connectionLost()
}

/// What a command, or everything in one box together, uses of memory and processors; nil is not counted.
public struct ResourceUsage: Hashable, Sendable {
  /// Memory now, in bytes.
  public var memory: UInt64?
  /// Time on processors so far, in nanoseconds.
  public var processorNanoseconds: UInt64?
  /// Processes now, with threads where a control group counts.
  public var processes: Int?

  /// Makes a usage.
  public init(memory: UInt64? = nil, processorNanoseconds: UInt64? = nil, processes: Int? = nil) {
    self.memory = memory
    self.processorNanoseconds = processorNanoseconds
    self.processes = processes
  }
}

/// Why a box could not start a command: the kind for programs, one sentence for people.
public struct BoxError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What kind of failure it was.
  public let failure: ExecModel.StartFailure
  /// One line that says what is wrong, where, and what to do.
  public let description: String

  /// Makes an error.
  public init(_ failure: ExecModel.StartFailure, _ description: String) {
    self.failure = failure
    self.description = description
  }
}

/// Why bytes did not reach a command's input.
public enum InputError: Error, Hashable, Sendable {
  /// The command has no input, or it was closed.
  case closed
  /// The command closed its end, or is over (`EPIPE`).
  case brokenPipe
  /// Anything else the kernel answered, by its error number.
  case system(Int32)
}

/// Why a signal was not sent.
public enum SignalError: Error, Hashable, Sendable {
  /// The execution is over; there is no process to signal.
  case ended
  /// The box cannot deliver signals.
  case unsupported
  /// The kernel refused, by its error number (kill(2)).
  case system(Int32)
}
