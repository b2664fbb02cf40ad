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
    case .lost: -1
    }
  }

  var wireStatus: ExecutionStatus {
    switch outcome.status {
    case .exited, .signalled, .startFailed, .lost: .completed
    case .timedOut: .timedOut
    case .forceClosed: .killed
    }
  }

  /// What is missing of the output, or may be; nil when it is whole.
  var truncation: String? {
    if !outcome.isComplete {
      return "\(outcome.truncated.names) truncated: something still held it when it was given up"
    }
    return unproven.isEmpty
      ? nil : "\(unproven.names) may be truncated: the connection to the box was cut on the way"
  }
}
