import JSON
import Testing

@testable import ContainerBoxes

/// The decisions about other clients' execs, without an engine.
struct ExecWatchMachineTests {
  private typealias Input = ExecWatchMachine.Input

  private func run(_ inputs: [Input]) -> [ExecWatchMachine.Action] {
    var machine = ExecWatchMachine()
    return inputs.map { machine.apply($0) }
  }

  @Test func `an exec is reported once, however it is found`() {
    #expect(
      run([
        .due, .listed(["a", "b"], isRunning: true), .event(.started("a")), .event(.started("c")), .event(.started(nil)),
        .listed(["a", "b", "c"], isRunning: true),
      ]) == [.list, .settle(["a", "b"]), .none, .settle(["c"]), .list, .none])
  }

  @Test func `our own execs are not reported`() {
    #expect(run([.settled(["a", "b", "c"], isOurs: [false, true, false])]) == [.report(["a", "c"])])
  }

  @Test func `the container's end is the end without a reason`() {
    #expect(run([.event(.ended), .settled(["a"], isOurs: [false])]) == [.finish(nil), .drop])
    #expect(run([.listed(["a"], isRunning: false)]) == [.finish(nil)])
  }

  @Test func `lost events are an end with a reason, and nothing follows a release`() {
    #expect(run([.lost("gone"), .lost("again")]) == [.finish("gone"), .drop])
    #expect(run([.released, .due, .event(.ended), .lost("gone")]) == [.close, .drop, .drop, .drop])
  }

  @Test(arguments: [
    (#"{"Action":"exec_start: sh","Actor":{"Attributes":{"execID":"e1"}}}"#, EngineEvent.started("e1")),
    (#"{"status":"exec"}"#, .started(nil)), (#"{"Action":"exec_start: sh"}"#, .started(nil)),
    (#"{"Action":"die"}"#, .ended), (#"{"status":"died"}"#, .ended), (#"{"Action":"exec_die"}"#, nil),
    (#"{"Action":7}"#, nil), ("[]", nil),
  ])
  func `events of both engines are read`(text: String, event: EngineEvent?) throws {
    #expect(EngineEvent(try JSONValue(parsing: Array(text.utf8))) == event)
  }
}
