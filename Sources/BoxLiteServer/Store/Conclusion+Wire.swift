import BoxLiteWire
import ExecModel

// An end, as BoxLite's clients read it.
extension Conclusion {
  /// The exit code: negative for a signal, as the SDKs show it.
  ///
  /// A command that was ended by its time limit or by force tells of the signal that we sent, whatever it made of it: its
  /// own code could be 0.
  var wireCode: Int32 {
    switch outcome.status {
    case .exited(let code): code
    case .signalled(let number, _): -number
    case .timedOut: -Signal.terminate.number
    case .forceClosed: -Signal.kill.number
    case .startFailed(let failure): failure.shellCode
    case .lost, .detached, .unknown: -1
    }
  }

  var wireStatus: ExecutionStatus {
    switch outcome.status {
    case .exited, .signalled, .startFailed, .lost, .detached, .unknown: .completed
    case .timedOut: .timedOut
    case .forceClosed: .killed
    }
  }

  /// What is missing of the output or of its record, or may be; nil when all is whole.
  var errorMessage: String? { complaints.isEmpty ? nil : complaints.joined(separator: "; ") }

  /// What is missing of the output that a client got, or may be; nil when it is whole.
  var truncation: String? {
    var conclusion = self
    // Clients get what the disk did not take.
    conclusion.recordLoss = nil
    return conclusion.errorMessage
  }
}
