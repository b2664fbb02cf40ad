/// What the owner of an execution must do after an input, at most one thing.
public enum ExecutionAction: Hashable, Sendable {
  /// Nothing but remember.
  case none
  /// The chunk belongs to the output: append it.
  case append
  /// The input came too late or twice: count it and do nothing.
  case drop
  /// Ask the process group to end (TERM), and kill it when its grace is over.
  case terminate
  /// Kill the process group at once.
  case kill
  /// Start the drain policy's timer.
  case startDrainTimer
  /// Read what the kernel holds of these streams, then close them and report each.
  case emptyStreams(StreamSet)
  /// Everything is known: publish the terminal event, then answer who waits.
  case publishTerminal(Outcome)
}
