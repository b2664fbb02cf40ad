import ExecModel
import Testing

/// Every state and every short history, not a sample of them.
@Suite struct ExecutionMachineExhaustiveTests {
  /// Created 1; running 9 pairs of open and cut × 3 endings; draining 3 statuses × the 5 pairs in which a stream is open
  /// (none when the policy empties); emptying 4 statuses × the same 5; terminal 4 statuses × 4 cuts, 4 cuts lost, 4 detached,
  /// 1 start failure.
  @Test(arguments: zip(MachineAlphabet.policies, [88, 88, 73]))
  func `the number of reachable states is known`(policy: DrainPolicy, count: Int) {
    let states = MachineAlphabet.reachable(ExecutionMachine(streams: .both, policy: policy))
    #expect(states.count == count)
  }

  /// As above with one stream: 1, 3 × 3, 3, 4, and 4 × 2 + 2 + 2 + 1.
  @Test(arguments: zip(MachineAlphabet.policies, [30, 30, 27]))
  func `the number of reachable states with a terminal is known`(policy: DrainPolicy, count: Int) {
    let states = MachineAlphabet.reachable(ExecutionMachine(streams: .stdout, policy: policy))
    #expect(states.count == count)
  }

  @Test(arguments: MachineAlphabet.policies)
  func `every state can still reach the end`(policy: DrainPolicy) {
    let states = MachineAlphabet.reachable(ExecutionMachine(streams: .both, policy: policy))
    var ending = Set(states.keys.filter(\.state.isTerminal))
    var grew = true
    while grew {
      let more = states.filter { !ending.contains($0.key) && $0.value.contains { ending.contains($0.next) } }
      ending.formUnion(more.keys)
      grew = !more.isEmpty
    }
    #expect(ending.count == states.count)
  }

  @Test(arguments: MachineAlphabet.policies)
  func `a terminal state answers everything with drop and never changes`(policy: DrainPolicy) {
    for (machine, steps) in MachineAlphabet.reachable(ExecutionMachine(streams: .both, policy: policy))
    where machine.state.isTerminal {
      #expect(steps.count == MachineAlphabet.inputs.count)
      #expect(steps.allSatisfy { $0.action == .drop && $0.next == machine })
    }
  }

  /// Counts by dynamic programming over the state graph, so that all histories to length 10 are covered, not walked.
  @Test(arguments: MachineAlphabet.policies)
  func `no history to length ten has two ends, or output after one`(policy: DrainPolicy) {
    let start = ExecutionMachine(streams: .both, policy: policy)
    let states = MachineAlphabet.reachable(start)
    var histories: [History: Int] = [History(machine: start): 1]
    var walked = 0
    for _ in 1...10 {
      var longer: [History: Int] = [:]
      for (history, count) in histories {
        for step in states[history.machine] ?? [] {
          let next = history.taking(step.action, to: step.next)
          #expect(next.terminals <= 1)
          #expect(!next.hasLateOutput)
          longer[next, default: 0] += count
          walked += count
        }
      }
      histories = longer
    }
    #expect(walked > 1_000_000)
  }

  /// What of a history matters for the promise: where it stands, and what it announced.
  private struct History: Hashable {
    var machine: ExecutionMachine
    var terminals = 0
    var hasLateOutput = false

    func taking(_ action: ExecutionAction, to next: ExecutionMachine) -> History {
      var history = History(machine: next, terminals: terminals, hasLateOutput: hasLateOutput)
      switch action {
      case .publishTerminal: history.terminals += 1
      case .append: history.hasLateOutput = hasLateOutput || terminals > 0
      case .none, .drop, .terminate, .kill, .startDrainTimer, .emptyStreams: break
      }
      return history
    }
  }
}
