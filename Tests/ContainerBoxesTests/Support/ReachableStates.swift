/// Every state that any inputs lead a machine to, and every step between them.
struct ReachableStates<Machine: Hashable, Input, Action> {
  struct Step {
    let machine: Machine
    let input: Input
    let action: Action
    let next: Machine
  }

  private(set) var steps: [Machine: [Step]] = [:]

  /// Applies all inputs in every state that is reached from `first`.
  init(from first: [Machine], _ inputs: [Input], _ apply: (inout Machine, Input) -> Action) {
    var open = first
    while let machine = open.popLast() {
      guard steps[machine] == nil else { continue }
      steps[machine] = inputs.map { input in
        var next = machine
        let action = apply(&next, input)
        return Step(machine: machine, input: input, action: action, next: next)
      }
      open += steps[machine, default: []].map(\.next).filter { steps[$0] == nil }
    }
  }

  var all: [Step] { steps.values.flatMap { $0 } }

  /// The states from which no inputs lead to one that fulfils `isEnd`.
  func withoutWay(to isEnd: (Machine) -> Bool) -> [Machine] {
    var before: [Machine: [Machine]] = [:]
    for step in all { before[step.next, default: []].append(step.machine) }
    var found = Set(steps.keys.filter(isEnd))
    var open = Array(found)
    while let machine = open.popLast() {
      open += before[machine, default: []].filter { found.insert($0).inserted }
    }
    return steps.keys.filter { !found.contains($0) }
  }
}
