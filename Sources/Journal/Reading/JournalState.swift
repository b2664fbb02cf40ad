public import ExecModel

/// Where a journal stands, as its files tell.
public enum JournalState: Hashable, Sendable {
  /// Its writer lives, and the terminal event has not been written.
  case running
  /// The terminal event is there.
  case finished(Conclusion)
  /// Its writer is gone and wrote no terminal event.
  case interrupted
}
