public import ExecModel

/// Whose journal it is: what a list of executions shows before anything else is read.
public struct JournalIdentity: Codable, Hashable, Sendable {
  /// The execution's name for the machine.
  public var id: ExecutionID
  /// The name of the box it runs in.
  public var box: String
  /// When it was created: nanoseconds since 1970 on the wall clock.
  public var created: UInt64
  /// The process number of the boxwatch that writes the journal.
  public var watcher: Int32

  /// Makes an identity.
  public init(id: ExecutionID, box: String, created: UInt64, watcher: Int32) {
    self.id = id
    self.box = box
    self.created = created
    self.watcher = watcher
  }

  /// When an event of its record came, in nanoseconds since 1970; nil when what the files say makes no time.
  public func moment(of event: RecordedEvent) -> UInt64? {
    let (moment, overflow) = created.addingReportingOverflow(event.time)
    return overflow ? nil : moment
  }
}
