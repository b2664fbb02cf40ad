import ExecModel
import Testing

@Suite struct ExecutionMachineTests {
  private func machine(_ policy: DrainPolicy = .untilEndOfStream, _ streams: StreamSet = .both) -> ExecutionMachine {
    ExecutionMachine(streams: streams, policy: policy)
  }

  private func run(_ machine: inout ExecutionMachine, _ inputs: ExecutionInput...) throws -> [ExecutionAction] {
    try inputs.map { try machine.apply($0) }
  }

  @Test func `the end comes only after the exit and both ends of stream`() throws {
    var machine = machine()
    let actions = try run(
      &machine, .spawned, .output(.stdout), .exited(.exited(0)), .output(.stdout), .endOfStream(.stdout),
      .output(.stderr), .endOfStream(.stderr))
    #expect(
      actions == [
        .none, .append, .none, .append, .none, .append, .publishTerminal(Outcome(status: .exited(0))),
      ])
  }

  @Test func `an exit after both ends of stream is the end at once`() throws {
    var machine = machine()
    let actions = try run(
      &machine, .spawned, .endOfStream(.stderr), .endOfStream(.stdout), .exited(.exited(3)))
    #expect(actions.last == .publishTerminal(Outcome(status: .exited(3))))
  }

  @Test func `a drain deadline empties what is held and names it truncated`() throws {
    var machine = machine(.untilIdle(grace: .seconds(1), limit: .seconds(2)))
    let actions = try run(
      &machine, .spawned, .endOfStream(.stderr), .exited(.exited(0)), .drainDeadlineElapsed, .output(.stdout),
      .streamEmptied(.stdout))
    #expect(
      actions == [
        .none, .none, .startDrainTimer, .emptyStreams(.stdout), .append,
        .publishTerminal(Outcome(status: .exited(0), truncated: .stdout)),
      ])
  }

  @Test func `a stream that ends while it is emptied is whole`() throws {
    var machine = machine(.untilEmpty)
    let actions = try run(
      &machine, .spawned, .exited(.exited(0)), .endOfStream(.stdout), .streamEmptied(.stderr))
    #expect(
      actions.dropFirst() == [
        .emptyStreams(.both), .none, .publishTerminal(Outcome(status: .exited(0), truncated: .stderr)),
      ])
  }

  @Test func `a forced close of a running execution kills, drains and says force closed`() throws {
    var machine = machine()
    let actions = try run(
      &machine, .spawned, .forceClosed, .forceClosed, .exited(.signalled(9, coreDumped: false)), .endOfStream(.stdout),
      .endOfStream(.stderr))
    #expect(
      actions.dropFirst() == [
        .kill, .drop, .emptyStreams(.both), .none, .publishTerminal(Outcome(status: .forceClosed)),
      ])
  }

  @Test func `a time limit asks to end and is the status whatever the command answers`() throws {
    var machine = machine()
    let actions = try run(
      &machine, .spawned, .timeLimitElapsed, .timeLimitElapsed, .endOfStream(.stdout), .endOfStream(.stderr),
      .exited(.exited(0)))
    #expect(
      actions.dropFirst() == [.terminate, .drop, .none, .none, .publishTerminal(Outcome(status: .timedOut))])
  }

  @Test func `a lost connection truncates what was open`() throws {
    var machine = machine()
    let actions = try run(&machine, .spawned, .endOfStream(.stdout), .connectionLost)
    #expect(actions.last == .publishTerminal(Outcome(status: .lost, truncated: .stderr)))
  }

  @Test func `a released command is not reported as lost`() throws {
    var machine = machine()
    let actions = try run(&machine, .spawned, .endOfStream(.stdout), .detached)
    #expect(actions.last == .publishTerminal(Outcome(status: .detached, truncated: .stderr)))
    #expect(ExitStatus.detached.shellCode == 125)
  }

  @Test func `the output of a command whose status cannot be had is read to its end`() throws {
    var machine = machine()
    let actions = try run(
      &machine, .spawned, .exited(.unknown(10)), .output(.stdout), .endOfStream(.stdout), .endOfStream(.stderr))
    #expect(actions.last == .publishTerminal(Outcome(status: .unknown(10))))
    let conclusion = Conclusion(outcome: Outcome(status: .unknown(10)))
    #expect(conclusion.isWhole && conclusion.shellCode == 125)
    #expect(
      conclusion.complaints == ["how the command ended is not known: waiting for it failed (no child processes)"])
  }

  @Test func `nonsense is an error and changes nothing`() throws {
    var machine = machine(.untilEndOfStream, .stdout)
    #expect(throws: ImpossibleInput.self) { try machine.apply(.output(.stdout)) }
    #expect(throws: ImpossibleInput.self) { try machine.apply(.exited(.exited(0))) }
    #expect(machine.state == .created)
    _ = try machine.apply(.spawned)
    let before = machine
    #expect(throws: ImpossibleInput.self) { try machine.apply(.output(.stderr)) }
    #expect(throws: ImpossibleInput.self) { try machine.apply(.spawned) }
    #expect(throws: ImpossibleInput.self) { try machine.apply(.streamEmptied(.stdout)) }
    #expect(machine == before)
  }
}
