import ExecModel
import Journal

/// One critical section of an execution: its time, and the work that remains after the lock is released.
///
/// It is part of the ``Ledger`` while the lock is held. Publication happens inside the lock; continuations, timers and
/// system calls on processes run only after it (`Execution.perform`).
struct Turn {
  /// An answer for one waiter.
  typealias Answer = (answer: @Sendable (Conclusion) -> Void, conclusion: Conclusion)

  /// Nanoseconds since the execution was created, taken inside the lock.
  var time: UInt64 = 0
  /// The action that the decider returned.
  var action = ExecutionAction.none
  /// The input that the decider rejected.
  var rejected: ImpossibleInput?
  /// Sleeping readers that now have something to read.
  var wakes: [@Sendable () -> Void] = []
  /// Waiters whose `wait` was published.
  var answers: [Answer] = []
  /// The eviction to carry out.
  var eviction: EvictionPlan?
  /// Streams whose pumps may resume.
  var resume: StreamSet = []
  /// Whether changes of the record's health are queued for `watchHealth`.
  var changesHealth = false
  /// Whether to kill what is left of the process group.
  var killsGroup = false
  /// Whether to terminate the command because its record is lost.
  var endsCommand = false
  /// Whether a refused write must be retried.
  var mustRetry = false
  /// Whether the terminal event was just published.
  var hasEnded = false
}

/// What decides the end of an execution: the production machine, or one of the race lab's rules.
///
/// The machine is a case of its own, so that a chunk of output costs no dynamic call.
enum Decider {
  /// boxwatch's rule: exit and every end of stream first.
  case drainOrdered(ExecutionMachine)
  /// A rule of the race lab.
  case substitute(any ExecutionDecider)

  /// The current state.
  var state: ExecutionState {
    switch self {
    case .drainOrdered(let machine): machine.state
    case .substitute(let decider): decider.state
    }
  }

  /// Whether a replay of the record must lead to the same end.
  var isDrainOrdered: Bool {
    switch self {
    case .drainOrdered: true
    case .substitute: false
    }
  }

  /// Applies one input and returns what to do about it.
  mutating func apply(_ input: ExecutionInput) throws(ImpossibleInput) -> ExecutionAction {
    switch self {
    case .drainOrdered(var machine):
      defer { self = .drainOrdered(machine) }
      return try machine.apply(input)
    case .substitute(var decider):
      defer { self = .substitute(decider) }
      return try decider.apply(input)
    }
  }
}
