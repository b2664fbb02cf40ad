public import ExecModel
import Glibc

/// What a box supports; the screen greys out the rest.
public struct BoxCapabilities: OptionSet, Hashable, Sendable {
  /// One bit for each capability.
  public let rawValue: UInt32

  /// Makes a set from its bits.
  public init(rawValue: UInt32) { self.rawValue = rawValue }

  /// Commands can have a pty.
  public static let terminal = BoxCapabilities(rawValue: 1 << 0)
  /// Commands can receive input.
  public static let input = BoxCapabilities(rawValue: 1 << 1)
  /// Signals reach the command itself, not only a client of it.
  public static let signals = BoxCapabilities(rawValue: 1 << 2)
  /// A terminal can be resized while the command runs.
  public static let resize = BoxCapabilities(rawValue: 1 << 3)
  /// The processes that hold a stream after the exit can be listed.
  public static let holders = BoxCapabilities(rawValue: 1 << 4)
  /// Commands continue when boxwatch detaches: it attached to them and did not start them.
  public static let outlives = BoxCapabilities(rawValue: 1 << 5)

  /// KILL reaches all descendants of the command, including those that left its process group.
  public static let killAll = BoxCapabilities(rawValue: 1 << 6)
  /// Memory and processor usage of a command or of the whole box can be read.
  public static let usage = BoxCapabilities(rawValue: 1 << 7)
  /// Commands can run as another user of the box.
  public static let user = BoxCapabilities(rawValue: 1 << 8)

  /// A command can be reattached after the boxwatch that started it has ended.
  public static let reattach = BoxCapabilities(rawValue: 1 << 9)

  /// The capabilities of commands that boxwatch starts as child processes.
  public static let everything: BoxCapabilities = [.terminal, .input, .signals, .resize, .holders, .usage]
}

/// A place where commands run: the protocol that every back end implements.
public protocol Box: Sendable {
  /// The name used to select it: `local`, `bwrap`, or a name from the configuration.
  var name: String { get }
  /// What this box supports.
  var capabilities: BoxCapabilities { get }

  /// Why commands cannot run as another user (``/ExecModel/ExecutionSpec/user``), in one sentence; nil when they can.
  var userRefusal: String? { get }

  /// Whether its commands are processes of another program, which continue when this one crashes.
  var isElsewhere: Bool { get }

  /// Starts a command and reports its events to `sink`, synchronously and in order for each stream.
  ///
  /// The box calls ``ExecutionSink/started(processIdentifier:)`` before any other report, and registers for the exit
  /// before the process can end. It may report from other threads before this method returns.
  ///
  /// - Throws: ``BoxError`` when the command was not started; nothing was reported then.
  func start(_ spec: ExecutionSpec, reportingTo sink: any ExecutionSink) throws(BoxError) -> any BoxProcess

  /// The usage of everything in the box; nil where the box measures nothing, and for a box of a single command.
  ///
  /// It may query the system or another program; do not call it on a thread that must not block.
  func usage() -> ResourceUsage?
}

extension Box {
  /// By default commands are processes of boxwatch.
  public var isElsewhere: Bool { false }

  /// By default nothing is measured.
  public func usage() -> ResourceUsage? { nil }

  /// By default derived from the capabilities.
  public var userRefusal: String? {
    capabilities.contains(.user) ? nil : "the box '\(name)' runs commands as its own user only"
  }

  /// Rejects a spec that names a user if the box supports only its default user, so that the user is not silently
  /// ignored.
  ///
  /// - Throws: ``BoxError`` with `box`.
  public func checkUser(of spec: ExecutionSpec) throws(BoxError) {
    guard spec.user != nil, let userRefusal else { return }
    throw BoxError(.box, userRefusal)
  }
}

/// A started command, as the engine controls it.
///
/// Every method may be called from any thread, also after the end.
public protocol BoxProcess: Sendable {
  /// Queues bytes for the command's input; `completion` is called once, when the kernel took all of them or never will.
  ///
  /// Writes keep their order. The completion may be called from a pump thread and must not block.
  func write(_ bytes: [UInt8], completion: @escaping @Sendable (InputError?) -> Void)

  /// Closes the command's input after the queued bytes; a terminal gets its end-of-file character.
  func closeInput()

  /// Sends a signal to the command's process group.
  func signal(_ signal: Signal) throws(SignalError)

  /// Sets the terminal's size; does nothing without a terminal.
  func resize(_ size: TerminalSize)

  /// Reads and reports what the kernel holds of these streams now, closes them, and reports each with
  /// ``ExecutionSink/emptied(_:)``, or with ``ExecutionSink/endOfStream(_:)`` when end of stream was read.
  ///
  /// It terminates even when a holder continues to write: it reads at most what was buffered at the time of the call.
  func emptyStreams(_ streams: StreamSet)

  /// Resumes reading a stream whose last chunk was not taken completely.
  func resumeReading(_ stream: ExecStream)

  /// The processes that hold the given streams open, except the command; slow, because it queries the system.
  func holders(of streams: StreamSet) -> [PipeHolder]

  /// The usage of the command and its descendants; nil where it is not measured, and after the end. It queries the
  /// system.
  func usage() -> ResourceUsage?

  /// Releases all resources; the engine calls it once, after the terminal event.
  func release()
}

extension BoxProcess {
  /// By default nothing is measured.
  public func usage() -> ResourceUsage? { nil }
}

/// Receives a box's reports about one command.
///
/// Calls are synchronous: when one returns, its effect is recorded.
///
/// The reports of one stream come from one thread at a time, in order. No report announces the end; the engine decides
/// it.
public protocol ExecutionSink: AnyObject, Sendable {
  /// The command started; the process ID on the host, if there is one; precedes every other report.
  func started(processIdentifier: Int32?)

  /// Bytes of a stream arrived; returns how many were taken.
  ///
  /// When fewer than all were taken, the box keeps the rest, stops reading that stream (the command then blocks), and
  /// offers the rest again after ``BoxProcess/resumeReading(_:)``.
  func output(_ stream: ExecStream, _ bytes: borrowing RawSpan) -> Int

  /// Bytes are missing or may be missing before the stream's next byte; later bytes are not affected.
  func gap(_ stream: ExecStream, _ gap: OutputGap)

  /// End of stream was read.
  func endOfStream(_ stream: ExecStream)

  /// The stream was emptied and closed before its end.
  func emptied(_ stream: ExecStream)

  /// Reading the stream failed, by error number (read(2)); the command continues.
  func failed(_ stream: ExecStream, errno: Int32)

  /// The process ended: `.exited`, `.signalled`, or `.unknown` when its status is not available.
  func exited(_ status: ExitStatus)

  /// The connection to the command was lost; no further reports follow.
  func connectionLost()
}

/// Memory and processor usage of a command or of a whole box; nil values are not measured.
public struct ResourceUsage: Hashable, Sendable {
  /// Current memory, in bytes.
  public var memory: UInt64?
  /// Processor time so far, in nanoseconds.
  public var processorNanoseconds: UInt64?
  /// Current number of processes, including threads where a cgroup counts them.
  public var processes: Int?

  /// Makes a usage.
  public init(memory: UInt64? = nil, processorNanoseconds: UInt64? = nil, processes: Int? = nil) {
    self.memory = memory
    self.processorNanoseconds = processorNanoseconds
    self.processes = processes
  }
}

/// Why a box could not start a command: a kind for programs, one sentence for people.
public struct BoxError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The kind of failure.
  public let failure: ExecModel.StartFailure
  /// One line that says what failed, where, and what to do.
  public let description: String

  /// Makes an error.
  public init(_ failure: ExecModel.StartFailure, _ description: String) {
    self.failure = failure
    self.description = description
  }
}

/// Why bytes were not written to a command's input.
public enum InputError: Error, Hashable, Sendable {
  /// The command has no input, or it was closed.
  case closed
  /// The command closed its end, or is over (`EPIPE`).
  case brokenPipe
  /// Any other error, by error number.
  case system(Int32)
}

/// Why a signal was not sent.
public enum SignalError: Error, Hashable, Sendable {
  /// The execution is over; there is no process to signal.
  case ended
  /// The box cannot deliver signals.
  case unsupported
  /// The kernel refused, by error number (kill(2)).
  case system(Int32)
}

// MARK: - As text

extension SignalError {
  /// One clause.
  package var words: String {
    switch self {
    case .ended: "there is no process to signal: it has ended"
    case .unsupported: "this box cannot deliver signals"
    case .system(let number): "the signal was not sent: \(String(cString: strerror(number)))"
    }
  }
}

extension InputError {
  /// One clause.
  package var words: String {
    switch self {
    case .closed: "the command's input is closed"
    case .brokenPipe: "the command no longer reads its input"
    case .system(let number): String(cString: strerror(number))
    }
  }
}
