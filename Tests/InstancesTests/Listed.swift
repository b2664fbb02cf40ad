import ExecModel
import Journal
import SystemPackage

@testable import Instances

/// Executions as a list has them, made up.
enum Listed {
  static func execution(
    _ id: String, _ state: Standing = .running, name: String? = nil, command: [String] = ["make"],
    box: String = "local", created: UInt64 = 0, watcher: Int32 = 4711
  ) -> ListedExecution {
    ListedExecution(
      identity: JournalIdentity(
        id: ExecutionID(id) ?? ExecutionID(checked: "none"), box: box, created: created, watcher: watcher),
      spec: ExecutionSpec(command: command, name: name), state: state, duration: state.isLive ? nil : 1_500_000_000,
      bytes: PerStream<UInt64>(stdout: 5, stderr: 3), directory: FilePath("/journals/\(id)"))
  }

  static func done(_ status: ExitStatus, truncated: StreamSet = [], unproven: StreamSet = []) -> Standing {
    .done(Conclusion(outcome: Outcome(status: status, truncated: truncated), unproven: unproven))
  }
}
