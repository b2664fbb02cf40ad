import ExecModel
import Journal

/// What is left to do once the execution's lock is given back.
///
/// Publication happens inside the lock; continuations, timers and system calls on processes only here.
struct Aftermath {
  /// An answer for one waiter.
  typealias Answer = (answer: @Sendable (Conclusion) -> Void, conclusion: Conclusion)

  /// What the machine asked for.
  var action = ExecutionAction.none
  /// Readers that slept and have something to read now.
  var wakes: [@Sendable () -> Void] = []
  /// Waiters whose `wait` was published.
  var answers: [Answer] = []
  /// Bytes to evict.
  var eviction: EvictionPlan?
  /// Streams whose pumps may go on.
  var resume: StreamSet = []
  /// Whether there is news of the record to be told.
  var hasNews = false
  /// Whether the command is asked to end, since its record is lost.
  var endsCommand = false
  /// Whether something could not be written and must be tried again.
  var mustRetry = false
  /// Whether the terminal event was published just now.
  var hasEnded = false
}
