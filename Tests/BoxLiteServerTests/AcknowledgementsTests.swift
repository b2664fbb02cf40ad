import ExecModel
import Testing

@testable import BoxLiteServer

@Suite struct AcknowledgementsTests {
  @Test func `a pong confirms what was sent before its ping, and no more`() {
    var asked = Acknowledgements(from: PerStream<UInt64>(stdout: 3))
    #expect(!asked.isUseful(at: PerStream<UInt64>(stdout: 3)))
    let first = asked.ask(at: PerStream<UInt64>(stdout: 5))
    let second = asked.ask(at: PerStream<UInt64>(stdout: 9))
    let took = asked.answer(first)
    #expect(took && asked.confirmed == PerStream<UInt64>(stdout: 5))
    let tookSecond = asked.answer(second)
    #expect(tookSecond && asked.confirmed == PerStream<UInt64>(stdout: 9))
  }

  @Test func `a later pong covers earlier pings, and none counts twice`() {
    var asked = Acknowledgements(from: PerStream<UInt64>())
    let first = asked.ask(at: PerStream<UInt64>(stdout: 5))
    let second = asked.ask(at: PerStream<UInt64>(stdout: 9))
    let results = [asked.answer(second), asked.answer(first), asked.answer(second), asked.answer(77)]
    #expect(results == [true, false, false, false])
    #expect(asked.confirmed == PerStream<UInt64>(stdout: 9))
  }

  @Test func `a client that never answers is not pinged without end`() {
    var asked = Acknowledgements(from: PerStream<UInt64>())
    var count = 0
    while asked.isUseful(at: PerStream<UInt64>(stdout: UInt64(count + 1))), count < 1000 {
      count += 1
      _ = asked.ask(at: PerStream<UInt64>(stdout: UInt64(count)))
    }
    #expect(count == 64)
  }
}
