import ExecModel

/// The inputs that the exhaustive tests draw from: every kind, with two statuses that differ.
enum MachineAlphabet {
  static let inputs: [ExecutionInput] =
    [
      .spawned, .spawnFailed(.notFound), .exited(.exited(0)), .exited(.signalled(9, coreDumped: false)),
      .timeLimitElapsed, .drainDeadlineElapsed, .connectionLost, .detached, .forceClosed,
    ]
    + ExecStream.allCases.flatMap {
      [.output($0), .endOfStream($0), .streamEmptied($0), .streamFailed($0)] as [ExecutionInput]
    }

  static let policies: [DrainPolicy] = [
    .untilEndOfStream, .untilIdle(grace: .seconds(2), limit: .seconds(10)), .untilEmpty,
  ]

  /// Every state that some sequence of inputs reaches, with the steps that lead out of it.
  static func reachable(
    _ start: ExecutionMachine
  ) -> [ExecutionMachine: [(input: ExecutionInput, action: ExecutionAction, next: ExecutionMachine)]] {
    var found: [ExecutionMachine: [(input: ExecutionInput, action: ExecutionAction, next: ExecutionMachine)]] = [:]
    var pending = [start]
    while let machine = pending.popLast() {
      guard found[machine] == nil else { continue }
      let steps = inputs.compactMap {
        input -> (input: ExecutionInput, action: ExecutionAction, next: ExecutionMachine)? in
        var next = machine
        guard let action = try? next.apply(input) else { return nil }
        return (input, action, next)
      }
      found[machine] = steps
      pending += steps.map(\.next)
    }
    return found
  }
}
