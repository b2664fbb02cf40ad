import ExecEngine
import ExecModel
import TestSupport
import Testing

@testable import ContainerBoxes

/// A sink that does not keep up stops the reading, and with it the command.
@Suite(.enabled(if: RealEngine.problem.isEmpty, "\(RealEngine.problem)"), .timeLimit(.minutes(5)))
struct SlowReaderTests {
  @Test(arguments: RealEngine.all)
  func `ten thousand bytes at a time arrive whole, and no more is read than fits`(_ real: RealEngine) throws {
    let sink = SlowSink(room: 10_000)
    let process = try real.box.start(ExecutionSpec(command: ["seq", "1", "200000"]), reportingTo: sink)
    var turns = 0
    while sink.status == nil {
      sink.wake.wait()
      guard sink.isFull else { continue }
      turns += 1
      sink.allow(turns < 20 ? 10_000 : .max)
      process.resumeReading(.stdout)
    }
    process.release()
    #expect(turns >= 20)
    #expect(sink.status == .exited(0))
    #expect(sink.bytes.count == 1_288_895)
    #expect(String(decoding: sink.bytes.suffix(14), as: UTF8.self) == "199999\n200000\n")
  }
}
