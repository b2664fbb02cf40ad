import BoxLiteServer
import Instances
import Jobs
import RaceLab

/// What a monitor opens with; empty for one without a command.
struct MonitorPlan {
  /// The race lab without a monitor.
  struct Lab {
    var session: LabSession
    /// The command that the hold page starts, empty to prompt for it; nil for the stepping page.
    var holding: [String]?
  }

  /// The commands to run.
  var requests: [ExecutionRequest] = []
  /// The maximum number of them that run at the same time.
  var jobs = JobLimit.standard
  /// A server whose clients also start commands; stopped at the end.
  var server: RESTServer?
  /// Executions of other processes or hosts to attach to.
  var attaching: [AttachRequest] = []
  /// False to attach to those without input.
  var allowsInput = true
  /// Whether to open the attach list first.
  var isPicking = false
  /// The race lab, if requested.
  var lab: Lab?
}
