public import ExecModel

/// A place in an execution's record: replay is reading early numbers, live is reading late ones.
///
/// One thread or task at a time reads through it.
public protocol EventCursor: AnyObject, Sendable {
  /// The journal, for reading the bytes that events tell of.
  var journal: JournalReader { get }

  /// What is there and not read yet, at most `limit` events; empty when there is nothing now.
  func poll(limit: Int) throws(JournalError) -> [RecordedEvent]

  /// Whether all has been read that there will ever be.
  var hasEnded: Bool { get }

  /// Asks for one call of `wake` when there is something to read; false when there is already, or the end was read.
  ///
  /// `wake` is called on another thread and must not block.
  func arm(_ wake: @escaping @Sendable () -> Void) -> Bool

  /// Ends the reading; nothing is kept for it any more.
  func cancel()
}

extension EventCursor {
  /// What is there and not read yet, as many events as one read takes.
  public func poll() throws(JournalError) -> [RecordedEvent] { try poll(limit: 512) }
}
