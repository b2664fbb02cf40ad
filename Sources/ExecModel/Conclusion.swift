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
