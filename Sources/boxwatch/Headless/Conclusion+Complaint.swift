import ExecModel

extension Conclusion {
  /// One line when the output is not whole, or not known to be; nil when it is.
  var complaint: String? {
    if !outcome.isComplete { return "\(outcome.truncated.names) truncated: \(reason)" }
    if !unproven.isEmpty { return "\(unproven.names) truncated?: the way to the box was cut, and bytes may be missing" }
    return nil
  }

  private var reason: String {
    switch outcome.status {
    case .lost: "the connection to the box was lost before the end"
    case .exited, .signalled, .timedOut, .forceClosed, .startFailed: "something still held it when it was given up"
    }
  }
}
