import ExecModel
import Testing

@testable import BoxLiteServer

@Suite struct AcknowledgementsTests {
  @Test func `a pong confirms what was sent before its ping, and no more`() {
    var asked = Acknowledgements(from: StreamCounts(stdout: 3))
    #expect(!asked.isUseful(at: StreamCounts(stdout: 3)))
    let first = asked.ask(at: StreamCounts(stdout: 5))
    let second = asked.ask(at: StreamCounts(stdout: 9))
    let took = asked.answer(first)
    #expect(took && asked.confirmed == StreamCounts(stdout: 5))
    let tookSecond = asked.answer(second)
    #expect(tookSecond && asked.confirmed == StreamCounts(stdout: 9))
  }

  @Test func `a later pong covers earlier pings, and none counts twice`() {
    var asked = Acknowledgements(from: StreamCounts())
    let first = asked.ask(at: StreamCounts(stdout: 5))
    let second = asked.ask(at: StreamCounts(stdout: 9))
    let results = [asked.answer(second), asked.answer(first), asked.answer(second), asked.answer(77)]
    #expect(results == [true, false, false, false])
    #expect(asked.confirmed == StreamCounts(stdout: 9))
  }

  @Test func `a client that never answers is not pinged without end`() {
    var asked = Acknowledgements(from: StreamCounts())
    var count = 0
    while asked.isUseful(at: StreamCounts(stdout: UInt64(count + 1))), count < 1000 {
      count += 1
      _ = asked.ask(at: StreamCounts(stdout: UInt64(count)))
    }
    #expect(count == 64)
  }
}
