import ExecEngine
import ExecModel
import Journal
import Synchronization
import TestSupport
import Testing

/// What a box that talks nonsense can and cannot do to a record.
@Suite struct BoxNonsenseTests {
  /// Reports output before the start, which the port forbids.
  private struct HastyBox: Box {
    let name = "hasty"
    let capabilities = BoxCapabilities.everything

    func start(_ spec: ExecutionSpec, reportingTo sink: any ExecutionSink) throws(BoxError) -> any BoxProcess {
      sink.output(.stdout, "too early")
      sink.started(processIdentifier: 1)
      sink.output(.stdout, "in time")
      sink.endOfStream(.stdout)
      sink.output(.stdout, "too late")
      sink.endOfStream(.stderr)
      sink.exited(.exited(0))
      return ScriptedProcess()
    }
  }

  @Test func `output before the start and after the end of its stream shifts no offset`() throws {
    let folder = ScratchFolder()
    let engine = Engine(stateDirectory: folder.path)
    let id = try engine.start(ExecutionSpec(command: ["test"]), in: HastyBox())
    let subscription = try engine.attach(id)
    var collector = StreamCollector(.stdout)
    for event in try subscription.poll() { try collector.take(event, subscription.journal) }
    #expect(String(decoding: collector.bytes, as: UTF8.self) == "in time")
    #expect(try engine.snapshot(id).dropped == 2)
  }

  @Test func `output of a stream that the execution has not is dropped, and stops nothing`() throws {
    let fixture = try EngineFixture(ExecutionSpec(command: ["test"], terminal: TerminalSize()))
    #expect(fixture.sink.output(.stderr, "who am I?") == 9)
    #expect(try fixture.engine.snapshot(fixture.id).stalls == [:])
    #expect(fixture.timers.pendingCount == 0)
  }
}
