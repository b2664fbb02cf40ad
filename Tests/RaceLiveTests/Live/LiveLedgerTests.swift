import ExecModel
import RaceLab
import Testing

@testable import RaceLive

@Suite struct LiveLedgerTests {
  private static let size = 13

  /// A ledger with one waiter, registered at time 0.
  private func ledger(_ kind: DispatcherKind, drain: DrainPolicy = .untilEndOfStream) -> LiveLedger {
    var ledger = LiveLedger(kind.make(drain: drain))
    _ = ledger.tell(.waits(waiter: 0), at: 0)
    return ledger
  }

  private func write(_ stream: ExecStream, to ledger: inout LiveLedger, at time: UInt64) {
    let number = ledger.note(stream, count: Self.size)
    // The engine does not tell a decider that has ended of a late chunk.
    if ledger.consumer.exits == 0 { _ = ledger.tellChunk(of: stream, at: time) }
    ledger.noteDelivered(stream, number)
  }

  private func end(_ stream: ExecStream, of ledger: inout LiveLedger, at time: UInt64) {
    ledger.close(stream, isCut: false)
    _ = ledger.tell(.endOfStream(stream), at: time)
  }

  private func exit(_ ledger: inout LiveLedger, at time: UInt64) {
    ledger.note(.exited(0), at: time)
    _ = ledger.tell(.exited(.exited(0)), at: time)
  }

  @Test func `output before the exit is whole for everyone`() {
    for kind in [DispatcherKind.exitFirst, .exitGated, .lateRegistration, .untilEmpty, .drainOrdered] {
      var ledger = ledger(kind)
      write(.stdout, to: &ledger, at: 1)
      for stream in ExecStream.allCases { end(stream, of: &ledger, at: 2) }
      exit(&ledger, at: 3)
      #expect(ledger.outcome.output == .whole, "\(kind.name)")
      #expect(ledger.outcome.broken == [] && !ledger.outcome.hasWrongExit && ledger.outcome.latency == 0)
      let settled = [ledger.settles(), ledger.settles()]
      #expect(settled == [true, false])
    }
  }

  @Test func `output after the exit is lost by exit-first and by the wait of exit-gated, and kept by drain-ordered`() {
    for (kind, output) in [
      (DispatcherKind.exitFirst, LiveOutcome.Output.empty), (.exitGated, .empty), (.drainOrdered, .whole),
    ] {
      var ledger = ledger(kind)
      exit(&ledger, at: 5)
      write(.stdout, to: &ledger, at: 8)
      for stream in ExecStream.allCases { end(stream, of: &ledger, at: 9) }
      #expect(ledger.outcome.output == output, "\(kind.name)")
      #expect(ledger.outcome.broken.contains(.whole) == output.isLoss)
      #expect(ledger.outcome.latency == (output == .whole ? 4 : 0))
    }
  }

  @Test func `a part that was read before the end is truncated, not empty`() {
    var ledger = ledger(.exitFirst)
    write(.stdout, to: &ledger, at: 1)
    exit(&ledger, at: 2)
    write(.stderr, to: &ledger, at: 3)
    #expect(ledger.outcome.output == .truncated)
    #expect(ledger.read(.stdout) == 13 && ledger.read(.stderr) == 0 && ledger.written.total == 26)
  }

  @Test func `an end without a status is a wrong exit`() {
    var ledger = ledger(.endOfStreamOnly)
    for stream in ExecStream.allCases { end(stream, of: &ledger, at: 1) }
    exit(&ledger, at: 2)
    #expect(ledger.outcome.hasWrongExit && !ledger.outcome.isMissing)
    #expect(ledger.outcome.output == .whole && ledger.outcome.broken == .honestEnd && ledger.outcome.latency == 0)
  }

  @Test func `a held stream that is given up is a cut when the end names it, and abandoned when it does not`() {
    for (kind, output) in [(DispatcherKind.drainOrdered, LiveOutcome.Output.cut), (.untilEmpty, .abandoned)] {
      var ledger = ledger(kind, drain: .untilEmpty)
      end(.stderr, of: &ledger, at: 1)
      ledger.note(.exited(0), at: 2)
      let answer = ledger.tell(.exited(.exited(0)), at: 2)
      #expect(answer.emptying == .stdout)
      ledger.close(.stdout, isCut: true)
      _ = ledger.tell(.emptied(.stdout), at: 3)
      #expect(ledger.outcome.output == output, "\(kind.name)")
      #expect(ledger.outcome.broken == (output == .cut ? [] : .honestEnd))
    }
  }

  @Test func `it is over only when the truth is known and nothing is under way`() {
    var ledger = ledger(.fixedTimer)
    ledger.note(.exited(0), at: 1)
    let answer = ledger.tell(.exited(.exited(0)), at: 1)
    #expect(answer.startsTimer)
    ledger.expect()
    var settled: [Bool] = []
    for stream in ExecStream.allCases {
      settled.append(ledger.settles())
      end(stream, of: &ledger, at: 2)
    }
    settled.append(ledger.settles())
    ledger.arrive()
    _ = ledger.tell(.deadline, at: 30)
    settled.append(ledger.settles())
    #expect(settled == [false, false, false, true])
    #expect(ledger.outcome.output == .whole && ledger.outcome.latency == 29)
  }

  @Test func `when the time is up the end is missing, and nothing that comes then changes that`() {
    var ledger = ledger(.drainOrdered)
    write(.stdout, to: &ledger, at: 1)
    exit(&ledger, at: 2)
    ledger.expire(isHeld: true)
    for stream in ExecStream.allCases { end(stream, of: &ledger, at: 9) }
    let isOver = ledger.settles()
    #expect(isOver)
    #expect(ledger.outcome.isMissing && ledger.outcome.hasWrongExit && ledger.outcome.latency == nil)
    #expect(ledger.outcome.broken == [])
  }

  @Test func `without a holder the end should have been reported before the limit`() {
    for (hasExited, broken) in [(true, [.late, .honestEnd]), (false, [])] as [(Bool, PromiseSet)] {
      var ledger = ledger(.drainOrdered)
      if hasExited { exit(&ledger, at: 2) }
      ledger.expire(isHeld: false)
      #expect(ledger.outcome.isMissing && ledger.outcome.broken == broken)
    }
  }

  @Test func `a waiter without an answer after everything has ended counts as missing`() {
    var ledger = ledger(.lateRegistration)
    ledger.note(.exited(0), at: 1)
    for stream in ExecStream.allCases { end(stream, of: &ledger, at: 2) }
    let isOver = ledger.settles()
    #expect(isOver)
    #expect(ledger.outcome.isMissing && ledger.outcome.broken == [.late, .honestEnd])
  }
}
