/// The content of the terminal event: the outcome and the byte counts.
public struct Conclusion: Hashable, Sendable {
  /// How the process ended and whether its output is whole.
  public var outcome: Outcome
  /// Bytes read from each stream, including evicted ones.
  public var bytes: PerStream<UInt64>
  /// Bytes evicted to stay within the journal's limit.
  public var evicted: PerStream<UInt64>
  /// Streams that may lack bytes, because the connection to the box was cut or boxwatch attached late.
  public var unproven: StreamSet
  /// Why each truncated stream was given up; empty in records written by older versions.
  public var cuts: PerStream<StreamCut?>
  /// Where and why recording failed; nil when everything was recorded.
  public var recordLoss: RecordLoss?

  /// Makes a conclusion.
  public init(
    outcome: Outcome, bytes: PerStream<UInt64> = .init(), evicted: PerStream<UInt64> = .init(),
    unproven: StreamSet = [], cuts: PerStream<StreamCut?> = [:], recordLoss: RecordLoss? = nil
  ) {
    self.outcome = outcome
    self.bytes = bytes
    self.evicted = evicted
    self.unproven = unproven
    self.cuts = cuts
    self.recordLoss = recordLoss
  }

  /// Whether every stream was read to its end and recorded, and no bytes are missing or possibly missing.
  public var isWhole: Bool { outcome.isComplete && unproven.isEmpty && recordLoss == nil }

  /// The exit code for a shell: the command's status, or 125 when the record was lost and the policy was not
  /// ``RecordFailurePolicy/goOn``.
  public var shellCode: Int32 {
    if let recordLoss, !recordLoss.isAccepted { return RecordLoss.shellCode }
    return outcome.status.shellCode
  }

  /// What is missing or unknown and why, one clause each; empty when the execution is complete.
  public var complaints: [String] {
    var clauses = missingOutput
    if case .unknown(let number) = outcome.status {
      clauses.append(
        "how the command ended is not known: waiting for it failed (\(SystemErrorText.words(number)))")
    }
    return clauses
  }

  /// Why the exit status is not the command's; empty when it is.
  package var statusWords: [String] {
    guard let recordLoss, !recordLoss.isAccepted else { return [] }
    return [
      "the command: \(outcome.status.words); exit status \(RecordLoss.shellCode), since its record is lost "
        + "(--on-record-failure go-on accepts that)"
    ]
  }

  private var missingOutput: [String] {
    var clauses = outcome.truncated.streams.map { "\($0.name) truncated: \(reason($0))" }
    // A reason shared by both streams is given once.
    if outcome.truncated == .both, reason(.stdout) == reason(.stderr) {
      clauses = ["\(outcome.truncated.names) truncated: \(reason(.stdout))"]
    }
    if let recordLoss { clauses.append(recordLoss.words) }
    let unproven = unproven.subtracting(outcome.truncated)
    if !unproven.isEmpty {
      clauses.append("\(unproven.names) truncated?: the connection to the box was cut, and bytes may be missing")
    }
    return clauses
  }

  /// The reason a truncated stream was given up; for older records it is derived from the status.
  private func reason(_ stream: ExecStream) -> String {
    if let cut = cuts[stream] { return cut.words }
    return outcome.status == .lost ? StreamCut.connectionLost.words : "it was given up before its end"
  }
}

/// How the process ended, and whether its output is complete.
public struct Outcome: Hashable, Sendable {
  /// How the process ended.
  public var status: ExitStatus
  /// The streams that were given up before end of stream; empty when the output is complete.
  public var truncated: StreamSet

  /// Makes an outcome; `truncated` is empty for complete output.
  public init(status: ExitStatus, truncated: StreamSet = []) {
    self.status = status
    self.truncated = truncated
  }

  /// Whether every stream was read to its end.
  public var isComplete: Bool { truncated.isEmpty }
}

/// Why a stream was given up before end of stream.
public enum StreamCut: Hashable, Sendable {
  /// The drain policy's time was up while a process still held the stream; the holder's process ID, if one was found.
  case held(by: Int32?)
  /// The execution was force-closed; other holders of the stream were not waited for.
  case forced
  /// Reading the stream failed, by error number (read(2)).
  case unreadable(Int32)
  /// boxwatch could not write its output, by error number (write(2)), and ended the command.
  case unwritable(Int32)
  /// The connection to the box was lost.
  case connectionLost
  /// boxwatch detached from the command, which is still running.
  case detached

  /// One clause for display.
  public var words: String {
    switch self {
    case .held(nil): "a process still held it when the drain policy gave it up"
    case .held(let holder?): "process \(holder) still held it when the drain time was over"
    case .forced: "it was closed by force before its end"
    case .unreadable(let number): "reading it failed (\(SystemErrorText.words(number)))"
    case .unwritable(let number): "our output could not be written (\(SystemErrorText.words(number)))"
    case .connectionLost: "the connection to the box was lost before the end"
    case .detached: "boxwatch was detached from the command, which is still running"
    }
  }

  /// Two or three words for a table row.
  public var shortWords: String {
    switch self {
    case .held(nil): "held"
    case .held(let holder?): "held by \(holder)"
    case .forced: "closed by force"
    case .unreadable(let number): SystemErrorText.words(number)
    case .unwritable: "our output failed"
    case .connectionLost: "connection lost"
    case .detached: "detached"
    }
  }

  /// A stable identifier for programs.
  public var name: String {
    switch self {
    case .held: "held"
    case .forced: "forced"
    case .unreadable: "unreadable"
    case .unwritable: "unwritable"
    case .connectionLost: "connection_lost"
    case .detached: "detached"
    }
  }
}

/// A loss of the record: the journal could not be written from some offset on.
public struct RecordLoss: Hashable, Sendable {
  /// The error number of the failed write (errno(3)).
  public var errno: Int32
  /// For each stream, the offset of the first byte that is not recorded.
  public var offsets: PerStream<UInt64>
  /// Whether the policy accepted the loss in advance (``RecordFailurePolicy/goOn``).
  public var isAccepted: Bool

  /// The exit code for a loss that was not accepted.
  public static let shellCode: Int32 = 125

  /// Makes a loss.
  public init(errno: Int32, offsets: PerStream<UInt64> = .init(), isAccepted: Bool = false) {
    self.errno = errno
    self.offsets = offsets
    self.isAccepted = isAccepted
  }

  /// The cause in a few words.
  public var reason: String { SystemErrorText.words(errno) }

  /// One clause for display.
  public var words: String {
    "the record is lost from byte \(offsets.stdout) of stdout and byte \(offsets.stderr) of stderr on (\(reason))"
  }
}

/// What happens to a command whose record cannot be written.
public enum RecordFailurePolicy: String, Hashable, Sendable, CaseIterable {
  /// The command waits while the failure can lift, as a full disk can; otherwise the record is given up and the command
  /// continues.
  case wait
  /// The record is given up at the first failure, and the command is terminated (TERM, then KILL).
  case stop
  /// The record is given up at the first failure, and the command continues.
  case goOn = "go-on"

  /// Parses `stop`, `wait` or `go-on`.
  ///
  /// - Throws: ``TextValueError`` for any other text.
  public init(text: String) throws(TextValueError) {
    guard let policy = RecordFailurePolicy(rawValue: text) else {
      throw TextValueError("'\(text)' is not an action for a failed record; use stop, wait or go-on")
    }
    self = policy
  }
}
