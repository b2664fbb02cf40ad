import ExecEngine
import ExecModel
import Glibc
import Synchronization

/// Tells on standard error when a record takes nothing, takes again, or is lost.
///
/// The engine tells by a call of its own, not by an event: an event that cannot be recorded has no reader.
final class RecordReport: Sendable {
  private struct State {
    var news: [String] = []
    /// Why records take nothing now.
    var faults: [ExecutionID: Int32] = [:]
  }

  private let state = Mutex(State())

  /// Listens to an engine; `wake` is called when ``tell()`` has something to say.
  ///
  /// - Parameter hasSeveral: whether the executions are to be named.
  init(_ engine: Engine, hasSeveral: Bool, waking wake: WakeDescriptor) {
    engine.watchRecords { [weak self, weak engine] id, health in
      let policy = (try? engine?.spec(id))?.onRecordFailure ?? .wait
      let state = (try? engine?.snapshot(id))?.state
      self?.state.withLock { own in
        let words = Self.words(health, policy, state, after: own.faults.removeValue(forKey: id))
        own.news.append((hasSeveral ? "\(id): " : "") + words)
        if case .stalled(let number, _) = health { own.faults[id] = number }
      }
      wake.wake()
    }
  }

  /// Says what is new.
  func tell() {
    let news = state.withLock { state in
      defer { state.news = [] }
      return state.news
    }
    for line in news { Diagnostics.print(line) }
  }

  /// One line.
  ///
  /// - Parameters:
  ///   - state: where the execution stands; nil for one that is forgotten.
  ///   - fault: why the record took nothing before, by error number.
  static func words(
    _ health: RecordHealth, _ policy: RecordFailurePolicy, _ state: ExecutionState?, after fault: Int32?
  ) -> String {
    switch health {
    case .recording: "\(recovery(from: fault)), the command goes on"
    case .stalled(let number, _):
      "cannot record output (\(SystemErrorText.words(number))); the command waits, and goes on when that is over "
        + "(TERM ends it)"
    case .lost(let loss): ([loss.words] + consequence(policy, state)).joined(separator: "; ")
    }
  }

  /// What there is again, by what was missing (errno(3)).
  private static func recovery(from fault: Int32?) -> String {
    switch fault {
    case ENOSPC, EDQUOT: "there is room again"
    case EMFILE, ENFILE: "there are file descriptors again"
    case ENOMEM, EAGAIN, ENOBUFS: "there is memory again"
    default: "output is recorded again"
    }
  }

  /// What becomes of the command and its output; a loss that is found at the end changes nothing any more.
  private static func consequence(_ policy: RecordFailurePolicy, _ state: ExecutionState?) -> [String] {
    switch state {
    case .created, .running:
      [
        (policy == .stop ? "the command is asked to end" : "the command goes on")
          + ", and its output still passes through"
      ]
    case .draining, .emptying: ["its output still passes through"]
    case .terminal, nil: []
    }
  }
}

extension Conclusion {
  /// What is missing of the output and its record, one line each.
  ///
  /// - Parameter hasToldLoss: whether the loss of the record was said when it came about.
  func complaints(hasToldLoss: Bool) -> [String] {
    var conclusion = self
    if hasToldLoss { conclusion.recordLoss = nil }
    return conclusion.complaints
  }

  /// Why the exit status is not the command's; empty when it is.
  var statusWords: [String] {
    guard let recordLoss, !recordLoss.isAccepted else { return [] }
    return [
      "the command: \(outcome.status.words); exit status \(RecordLoss.shellCode), since its record is lost "
        + "(--on-record-failure go-on accepts that)"
    ]
  }
}
