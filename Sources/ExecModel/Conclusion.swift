/// The terminal event's content: the outcome, and what was counted on the way.
public struct Conclusion: Hashable, Sendable, Codable {
  /// How the process ended and whether its output is whole.
  public var outcome: Outcome
  /// Bytes that each stream brought, evicted ones included.
  public var bytes: StreamCounts
  /// Bytes that were evicted to keep within the journal's limit.
  public var evicted: StreamCounts
  /// Streams in which bytes are missing or may be, since the way to the box was cut or boxwatch came late.
  public var unproven: StreamSet
  /// Why each truncated stream was given up; a record of an older boxwatch does not say.
  public var cuts: [ExecStream: StreamCut]
  /// From where on the record is lost, and why; nil for one that has everything.
  public var recordLoss: RecordLoss?

  /// Makes a conclusion.
  public init(
    outcome: Outcome, bytes: StreamCounts = .init(), evicted: StreamCounts = .init(), unproven: StreamSet = [],
    cuts: [ExecStream: StreamCut] = [:], recordLoss: RecordLoss? = nil
  ) {
    self.outcome = outcome
    self.bytes = bytes
    self.evicted = evicted
    self.unproven = unproven
    self.cuts = cuts
    self.recordLoss = recordLoss
  }

  /// Whether every stream was read to its end and recorded, and nothing is known or feared to be missing.
  public var isWhole: Bool { outcome.isComplete && unproven.isEmpty && recordLoss == nil }

  /// What a shell gets: the command's own status, or 125 when the record was lost and ``RecordFailurePolicy/goOn`` had not
  /// accepted that.
  public var shellCode: Int32 {
    if let recordLoss, !recordLoss.isAccepted { return RecordLoss.shellCode }
    return outcome.status.shellCode
  }

  /// What is missing or not known and why, one clause each; empty when nothing is.
  public var complaints: [String] {
    var clauses = missingOutput
    if case .unknown(let number) = outcome.status {
      clauses.append(
        "how the command ended is not known: waiting for it failed (\(SystemErrorText.words(number)))")
    }
    return clauses
  }

  private var missingOutput: [String] {
    var clauses = outcome.truncated.streams.map { "\($0.name) truncated: \(reason($0))" }
    // One reason for both is said once.
    if outcome.truncated == .both, reason(.stdout) == reason(.stderr) {
      clauses = ["\(outcome.truncated.names) truncated: \(reason(.stdout))"]
    }
    if let recordLoss { clauses.append(recordLoss.words) }
    let unproven = unproven.subtracting(outcome.truncated)
    if !unproven.isEmpty {
      clauses.append("\(unproven.names) truncated?: the way to the box was cut, and bytes may be missing")
    }
    return clauses
  }

  /// Why a truncated stream was given up; what older records leave open follows from the status.
  private func reason(_ stream: ExecStream) -> String {
    if let cut = cuts[stream] { return cut.words }
    return outcome.status == .lost ? StreamCut.connectionLost.words : "it was given up before its end"
  }
}

/// What the terminal event says: how the process ended, and whether its output is known to be whole.
public struct Outcome: Hashable, Sendable, Codable {
  /// How the process ended.
  public var status: ExitStatus
  /// The streams that were given up before their end of stream; empty when the output is complete.
  public var truncated: StreamSet

  /// Makes an outcome; `truncated` is empty for complete output.
  public init(status: ExitStatus, truncated: StreamSet = []) {
    self.status = status
    self.truncated = truncated
  }

  /// Whether every stream was read to its end.
  public var isComplete: Bool { truncated.isEmpty }
}

/// Why a stream was given up before its end.
public enum StreamCut: Hashable, Sendable, Codable {
  /// The drain policy gave it up and something still held it; the holder's process number, when one was found.
  case held(by: Int32?)
  /// The execution was closed by force: who else may have held it was not waited for.
  case forced
  /// Reading it failed, by error number (read(2)).
  case unreadable(Int32)
  /// Our own output could not be written, by error number (write(2)), and the command was ended for that.
  case unwritable(Int32)
  /// The way to its box was lost.
  case connectionLost
  /// boxwatch let go of the command, which goes on.
  case detached

  /// One clause for a person.
  public var words: String {
    switch self {
    case .held(nil): "something still held it when the drain policy gave it up"
    case .held(let holder?): "process \(holder) still held it when its drain time was up"
    case .forced: "it was closed by force before its end"
    case .unreadable(let number): "reading it failed (\(SystemErrorText.words(number)))"
    case .unwritable(let number): "our output could not be written (\(SystemErrorText.words(number)))"
    case .connectionLost: "the connection to the box was lost before the end"
    case .detached: "boxwatch let go of the command, which goes on"
    }
  }

  /// Two or three words, for a row of a table.
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

  /// One word for programs.
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

/// That an execution's record ends before the execution, since it could not be written.
public struct RecordLoss: Hashable, Sendable, Codable {
  /// Why, by error number (errno(3)).
  public var errno: Int32
  /// The first byte of each stream that is not recorded.
  public var offsets: StreamCounts
  /// Whether it was said beforehand that this may happen (``RecordFailurePolicy/goOn``).
  public var isAccepted: Bool

  /// What a shell gets for a loss that was not accepted.
  public static let shellCode: Int32 = 125

  /// Makes a loss.
  public init(errno: Int32, offsets: StreamCounts = .init(), isAccepted: Bool = false) {
    self.errno = errno
    self.offsets = offsets
    self.isAccepted = isAccepted
  }

  /// Why, in a few words.
  public var reason: String { SystemErrorText.words(errno) }

  /// One clause for a person.
  public var words: String {
    "the record is lost from byte \(offsets.stdout) of stdout and byte \(offsets.stderr) of stderr on (\(reason))"
  }
}

/// What becomes of a command whose record cannot be written.
public enum RecordFailurePolicy: String, Hashable, Sendable, Codable, CaseIterable {
  /// The command waits as long as the failure can lift, as a full disk can; else the record is given up and it goes on.
  case wait
  /// The record is given up at the first failure, and the command is asked to end (TERM, then KILL).
  case stop
  /// The record is given up at the first failure, and the command goes on.
  case goOn = "go-on"

  /// Reads `stop`, `wait` or `go-on`.
  ///
  /// - Throws: ``TextValueError`` for anything else.
  public init(text: String) throws(TextValueError) {
    guard let policy = RecordFailurePolicy(rawValue: text) else {
      throw TextValueError("'\(text)' is nothing to do when the record fails: write stop, wait or go-on")
    }
    self = policy
  }
}
