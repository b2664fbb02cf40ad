public import Cells
public import ExecModel

/// Something that happened, for `update`.
public enum Message: Sendable {
  /// A command that waits for its turn.
  public struct Queued: Sendable {
    /// What it is called until it is started.
    public let id: ExecutionID
    /// What is to be run.
    public let spec: ExecutionSpec
    /// Where.
    public let box: String

    /// Makes one.
    public init(id: ExecutionID, spec: ExecutionSpec, box: String) { (self.id, self.spec, self.box) = (id, spec, box) }
  }

  /// A key, a mouse event or a paste.
  case key(Key)
  /// The terminal has a new size.
  case resized(rows: Int, columns: Int)
  /// Time went on: nanoseconds on the monotonic clock, and the time of day for the header (`14:02:11`).
  case tick(now: UInt64, clock: String)
  /// An execution was created, at a time on the monotonic clock; whose it is, and what cannot be done to it from here.
  case added(
    ExecutionID, ExecutionSpec, box: String, created: UInt64, origin: RowOrigin = .own, limits: RowLimits = .none)
  /// Commands of a long list whose turn has not come, each with a name of its own until it is started.
  case queued([Queued])
  /// How many commands wait behind those that have a row.
  case unlisted(Int)
  /// A command that waited was started, at a time on the monotonic clock, and is an execution now.
  case begun(ExecutionID, as: ExecutionID, created: UInt64)
  /// A command that waited was taken off the list.
  case unqueued(ExecutionID)
  /// The next event of an execution's record; adjacent output events of one stream may be merged.
  case event(ExecutionID, RecordedEvent)
  /// Why an execution's start was refused, in a sentence.
  case unstartable(ExecutionID, String)
  /// What cannot be done to an execution has changed.
  case limited(ExecutionID, RowLimits)
  /// The boxwatch that kept an execution's record has died: there will be no end.
  case interrupted(ExecutionID)
  /// Why nothing of an execution can be recorded now, by error number; nil when it can again, or never will.
  case recordStalled(ExecutionID, Int32?)
  /// Everything that could be attached to.
  case listing([PickerEntry])
  /// The boxes that were found so far, the whole list; whether there is no more to come.
  case boxes([BoxChoice], isComplete: Bool)
  /// Where this boxwatch's server listens, and how many clients it has.
  case server(ServerStatus)
  /// The user leaves: what is only attached to goes on.
  case leaving
  /// Who holds the streams of a draining execution.
  case holders(ExecutionID, [PipeHolder])
  /// What the executions that were asked for use, and what their boxes do.
  case usage(commands: [ExecutionID: UsageSample], boxes: [String: UsageSample])
  /// A sentence for the status line.
  case notice(String, isError: Bool)
  /// A start that was asked for failed before there was an execution; the notice says why.
  case startRefused(String)
  /// A write to an execution's input was taken by the kernel.
  case inputTaken(ExecutionID)
  /// What the race lab's held command looks like now.
  case held(HeldSnapshot)
  /// A command that was to be held did not start, and why.
  case holdRefused(String)
  /// The answer to ``Effect/proceed``.
  case proceed
}
