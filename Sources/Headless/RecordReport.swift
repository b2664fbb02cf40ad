import Console
import ExecEngine
import ExecModel
import Glibc
import Linux
import Synchronization

/// Reports on standard error when a record stalls, resumes or is lost.
///
/// The engine reports this by a callback, not by an event: an event that cannot be recorded never
/// reaches a reader.
final class RecordReport: Sendable {
  private struct State {
    var lines: [String] = []
    /// Why records stall now, by execution.
    var faults: [ExecutionID: Int32] = [:]
  }

  private let state = Mutex(State())

  /// Watches an engine's records; `wake` is called when ``printNew()`` has something to print.
  ///
  /// - Parameter hasSeveral: whether to name the executions.
  init(_ engine: Engine, hasSeveral: Bool, waking wake: WakeDescriptor) {
    engine.watchRecords { [weak self, weak engine] id, health in
      let policy = (try? engine?.spec(id))?.onRecordFailure ?? .wait
      let state = (try? engine?.snapshot(id))?.state
      self?.state.withLock { own in
        let words = Self.words(health, policy, state, after: own.faults.removeValue(forKey: id))
        own.lines.append((hasSeveral ? "\(id): " : "") + words)
        if case .stalled(let number, _) = health { own.faults[id] = number }
      }
      wake.wake()
    }
  }

  /// Prints new reports.
  func printNew() {
    let lines = state.withLock { state in
      defer { state.lines = [] }
      return state.lines
    }
    for line in lines { Diagnostics.print(line) }
  }

  /// The report as one line.
  ///
  /// - Parameters:
  ///   - state: the execution's state; nil when it is forgotten.
  ///   - fault: the error number of the previous stall.
  static func words(
    _ health: RecordHealth, _ policy: RecordFailurePolicy, _ state: ExecutionState?, after fault: Int32?
  ) -> String {
    switch health {
    case .recording: "\(recovery(from: fault)), the command continues"
    case .stalled(let number, _):
      "cannot record output (\(SystemErrorText.words(number))); the command waits until that changes "
        + "(TERM ends it)"
    case .lost(let loss): ([loss.words] + consequence(policy, state)).joined(separator: "; ")
    }
  }

  /// What is available again, by the error number of the stall (errno(3)).
  private static func recovery(from fault: Int32?) -> String {
    switch fault {
    case ENOSPC, EDQUOT: "there is disk space again"
    case EMFILE, ENFILE: "there are file descriptors again"
    case ENOMEM, EAGAIN, ENOBUFS: "there is memory again"
    default: "output is recorded again"
    }
  }

  /// The consequence for the command and its output; a loss found at the end has none.
  private static func consequence(_ policy: RecordFailurePolicy, _ state: ExecutionState?) -> [String] {
    switch state {
    case .created, .running:
      [
        (policy == .stop ? "the command is asked to end" : "the command keeps running")
          + ", and its output still passes through"
      ]
    case .draining, .emptying: ["its output still passes through"]
    case .terminal, nil: []
    }
  }
}

extension Conclusion {
  /// One line for each part of the output and its record that is missing.
  ///
  /// - Parameter isLossReported: whether the loss of the record was reported when it happened.
  func complaints(isLossReported: Bool) -> [String] {
    var conclusion = self
    if isLossReported { conclusion.recordLoss = nil }
    return conclusion.complaints
  }
}
