import ExecEngine
import ExecModel
import TestSupport

/// A box whose commands are over, with one line of output, before their start returns; it keeps nothing of them.
struct InstantBox: Box {
  let name = "instant"
  var capabilities = BoxCapabilities.everything

  func start(_ spec: ExecutionSpec, reportingTo sink: any ExecutionSink) throws(BoxError) -> any BoxProcess {
    sink.started(processIdentifier: nil)
    sink.output(.stdout, "short\n")
    for stream in ExecStream.allCases { sink.endOfStream(stream) }
    sink.exited(.exited(0))
    return ScriptedProcess()
  }
}
