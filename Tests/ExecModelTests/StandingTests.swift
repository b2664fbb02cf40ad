import ExecModel
import Testing

@Suite struct StandingTests {
  private func standing(_ events: [ExecutionEvent], drain: DrainPolicy = .untilEndOfStream) -> Standing {
    var fold = StandingFold(drain: drain)
    for event in events { fold.apply(event) }
    return fold.standing
  }

  private let end = Conclusion(outcome: Outcome(status: .exited(3)))

  @Test func `an exited process drains, or empties its streams when they are given up`() {
    #expect(standing([]) == .starting)
    #expect(standing([.started(processIdentifier: 1)]) == .running)
    #expect(standing([.exited(.exited(3))]) == .draining(.exited(3)))
    #expect(standing([.exited(.exited(3))], drain: .untilEmpty) == .emptying(.exited(3)))
    #expect(standing([.exited(.exited(3)), .drainDeadlineElapsed]) == .emptying(.exited(3)))
    #expect(standing([.exited(.exited(3)), .forceClosed]) == .emptying(.exited(3)))
    #expect(standing([.forceClosed, .exited(.exited(3))]) == .emptying(.exited(3)))
    #expect(standing([.drainDeadlineElapsed, .exited(.exited(3))]) == .draining(.exited(3)))
  }

  @Test func `only the terminal event is the end, and nothing follows it`() {
    let rest: [ExecutionEvent] = [
      .started(processIdentifier: 1), .exited(.exited(0)), .forceClosed, .startFailed(.notFound), .connectionLost,
      .detached, .recordLost(RecordLoss(errno: 28)), .wait(waiter: 0),
    ]
    #expect(standing(rest).isLive)
    #expect(standing(rest + [.exit(end)]) == .done(end))
    #expect(standing([.exit(end)] + rest) == .done(end))
  }

  @Test func `a record whose beginning was evicted is that of a running command`() {
    #expect(standing([.output(.stdout, range: 7..<9, lines: 1)]) == .running)
    #expect(standing([.evicted(.stdout, upTo: 7)]) == .running)
  }

  @Test func `an interrupted execution stands so unless its end was published`() {
    var fold = StandingFold(drain: .untilEndOfStream)
    fold.apply(.started(processIdentifier: 1))
    fold.interrupt()
    fold.apply(.exited(.exited(0)))
    #expect(fold.standing == .interrupted)
    fold.apply(.exit(end))
    #expect(fold.standing == .done(end))
    fold.interrupt()
    #expect(fold.standing == .done(end))
  }

  /// The machine decides and the fold is told of it: the two must not part.
  @Test(arguments: [DrainPolicy.untilEndOfStream, .untilEmpty, .untilIdle(grace: .zero, limit: .zero)])
  func `the fold says what the machine is in, in every state that inputs lead to`(policy: DrainPolicy) {
    var seen: Set<ExecutionMachine> = []
    var open = [(ExecutionMachine(streams: .both, policy: policy), StandingFold(drain: policy))]
    while let (machine, fold) = open.popLast() {
      guard seen.insert(machine).inserted else { continue }
      for (input, event) in Self.alphabet {
        var (machine, fold) = (machine, fold)
        guard let action = try? machine.apply(input), action != .drop else { continue }
        fold.apply(event)
        if case .publishTerminal(let outcome) = action { fold.apply(.exit(Conclusion(outcome: outcome))) }
        #expect(fold.standing.word == Self.word(of: machine.state), "\(input) \(machine.state)")
        open.append((machine, fold))
      }
    }
    #expect(seen.count > 20)
  }

  private static let alphabet: [(ExecutionInput, ExecutionEvent)] =
    [
      (.spawned, .started(processIdentifier: 1)), (.spawnFailed(.notFound), .startFailed(.notFound)),
      (.exited(.exited(0)), .exited(.exited(0))), (.timeLimitElapsed, .timeLimitElapsed),
      (.drainDeadlineElapsed, .drainDeadlineElapsed), (.forceClosed, .forceClosed),
      (.connectionLost, .connectionLost), (.detached, .detached),
    ]
    + ExecStream.allCases.flatMap { stream -> [(ExecutionInput, ExecutionEvent)] in
      [
        (.output(stream), .output(stream, range: 0..<1, lines: 0)), (.endOfStream(stream), .endOfStream(stream)),
        (.streamEmptied(stream), .streamEmptied(stream)), (.streamFailed(stream), .streamEmptied(stream)),
      ]
    }

  private static func word(of state: ExecutionState) -> String {
    switch state {
    case .created: "starting"
    case .running: "running"
    case .draining: "draining"
    case .emptying: "emptying"
    case .terminal: "done"
    }
  }
}
