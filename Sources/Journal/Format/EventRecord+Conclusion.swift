import ExecModel

extension EventRecord {
  /// Puts the terminal event's content into the fields.
  mutating func put(_ conclusion: Conclusion) {
    put(conclusion.outcome.status)
    stream = conclusion.outcome.truncated.rawValue & 0x0F | conclusion.unproven.rawValue << 4
    (first, second) = (conclusion.bytes.stdout, conclusion.bytes.stderr)
    (third, fourth) = (conclusion.evicted.stdout, conclusion.evicted.stderr)
  }

  /// The terminal event's content.
  var conclusion: Conclusion? {
    guard let status = exitStatus else { return nil }
    return Conclusion(
      outcome: Outcome(status: status, truncated: StreamSet(rawValue: stream & 0x0F)),
      bytes: StreamCounts(stdout: first, stderr: second), evicted: StreamCounts(stdout: third, stderr: fourth),
      unproven: StreamSet(rawValue: stream >> 4))
  }

  /// Puts a status into the fields.
  mutating func put(_ exit: ExitStatus) {
    switch exit {
    case .exited(let number): (status, code) = (1, number)
    case .signalled(let number, let dumped): (status, code, failure) = (2, number, dumped ? Self.flag : 0)
    case .timedOut: status = 3
    case .forceClosed: status = 4
    case .startFailed(let reason):
      status = 5
      put(reason)
    // Why there is none stands in fields that an older boxwatch does not look at.
    case .lost: status = 6
    case .detached: (status, failure) = (6, 1)
    case .unknown(let number): (status, code, failure) = (6, number, 2)
    }
  }

  /// The status in the fields.
  var exitStatus: ExitStatus? {
    switch status {
    case 1: .exited(code)
    case 2: .signalled(code, coreDumped: failure & Self.flag != 0)
    case 3: .timedOut
    case 4: .forceClosed
    case 5: startFailure.map(ExitStatus.startFailed)
    case 6: failure == 1 ? .detached : failure == 2 ? .unknown(code) : .lost
    default: nil
    }
  }

  /// Puts a start failure into the fields.
  mutating func put(_ reason: StartFailure) {
    switch reason {
    case .notFound: failure = 1
    case .notExecutable: failure = 2
    case .badDirectory: failure = 3
    case .badName: failure = 4
    case .argumentListTooLong: failure = 5
    case .system(let number): (failure, code) = (6, number)
    case .box: failure = 7
    }
  }

  /// The start failure in the fields.
  var startFailure: StartFailure? {
    switch failure {
    case 1: .notFound
    case 2: .notExecutable
    case 3: .badDirectory
    case 4: .badName
    case 5: .argumentListTooLong
    case 6: .system(code)
    case 7: .box
    default: nil
    }
  }
}
