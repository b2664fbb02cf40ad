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

/// Something for the executable to do.
public enum Effect: Hashable, Sendable {
  /// Start a command; answer with `added` or `startRefused`.
  case start(StartRequest)
  /// Start a command before its turn; answer with `begun`.
  case startWaiting(ExecutionID)
  /// Take a command that waits off the list; answer with `unqueued`.
  case cancelWaiting(ExecutionID)
  /// Send a signal to the execution's process group.
  case signal(ExecutionID, Signal)
  /// Close by force: kill the group, drain what is readable, end.
  case forceClose(ExecutionID)
  /// Give up the streams of a draining execution that something still holds.
  case release(ExecutionID)
  /// Write bytes to the execution's input; answer with `inputTaken`.
  case write(ExecutionID, [UInt8])
  /// Close the execution's input after what was written.
  case closeInput(ExecutionID)
  /// Tell the execution's terminal its new size.
  case resizeTerminal(ExecutionID, TerminalSize)
  /// Look up who holds the streams; answer with `holders`.
  case lookUpHolders(ExecutionID)
  /// Measure what is used, unless that was done a moment ago; answer with `usage`.
  case measureUsage([UsageTarget])
  /// Look for boxes; answer with `boxes`, more than once when some take long.
  case listBoxes
  /// List everything that could be attached to; answer with `listing`.
  case listExecutions
  /// Attach to an execution of elsewhere; answer with `added` or `startRefused`.
  case attach(PickerTarget)
  /// Forget what was read of an execution: its row is gone.
  case forget(ExecutionID)
  /// Stop the program as Ctrl-Z does, and draw anew when it goes on.
  case suspend
  /// Put a text into the terminal's clipboard: the user asked for it.
  case copy(String)
  /// Do something to the race lab's held command; a start is answered with `held` or `holdRefused`.
  case hold(HoldRequest)
  /// Draw everything anew.
  case redraw
  /// Send `proceed` back when nothing else is waiting: a search goes on in steps.
  case proceed
  /// End; when asked, kill what still runs first.
  case quit(killing: Bool)
}

/// What the start prompt asks for.
public struct StartRequest: Hashable, Sendable {
  /// The command as it was typed.
  public var text: String
  /// Its words; never empty.
  public var command: [String]
  /// The box's name; empty for the default when the model knows no box.
  public var box: String
  /// The words of a sandbox's options, as a command line has them.
  public var options: [String]
  /// The terminal's size when it gets one.
  public var terminal: TerminalSize?
  /// Whether its standard input stays open.
  public var wantsInput: Bool

  /// Makes a request.
  public init(
    text: String, command: [String], box: String, options: [String] = [], terminal: TerminalSize?, wantsInput: Bool
  ) {
    self.text = text
    self.command = command
    self.box = box
    self.options = options
    self.terminal = terminal
    self.wantsInput = wantsInput
  }
}

/// Takes one message into the model and says what is to be done.
///
/// Pure given the text: no clock, no file, no global state. `text` finds the streams that scrolling and searching need.
public func update(_ model: inout Model, _ message: Message, text: TextLookup) -> [Effect] {
  var effects: [Effect] = []
  switch message {
  case .key(let key): effects = model.take(key, text)
  case .resized(let rows, let columns): model.resize(rows: rows, columns: columns)
  case .tick(let now, let clock): effects = model.tick(now: now, clock: clock)
  case .added(let id, let spec, let box, let created, let origin, let limits):
    effects = model.add(id, spec, box: box, created: created, origin, limits)
  case .queued(let commands): model.add(waiting: commands)
  case .unlisted(let count): model.unlisted = count
  case .begun(let waiting, let id, let created): model.begin(waiting, as: id, created: created)
  case .unqueued(let id): model.drop(waiting: id)
  case .event(let id, let record): model.take(record, of: id, text)
  case .unstartable(let id, let reason): model.change(id) { $0.startError = reason }
  case .limited(let id, let limits): model.change(id) { $0.limits = limits }
  case .interrupted(let id): model.change(id) { $0.interrupt() }
  case .recordStalled(let id, let number): model.change(id) { $0.take(recordStall: number) }
  case .listing(let entries): model.take(listing: entries)
  case .boxes(let found, let isComplete): model.take(boxes: found, isComplete: isComplete)
  case .server(let status): model.server = status
  case .leaving: model.leaveAttached()
  case .holders(let id, let holders): model.change(id) { $0.holders = $0.isOver ? [] : holders }
  case .usage(let commands, let boxes): model.take(usage: commands, boxes: boxes)
  case .notice(let text, let isError): model.say(text, isError: isError)
  case .startRefused(let reason): model.refuseStart(reason)
  case .inputTaken(let id): model.change(id) { $0.pendingWrites = max(0, $0.pendingWrites - 1) }
  case .held(let snapshot): model.lab?.hold.snapshot = snapshot
  case .holdRefused(let reason): model.lab?.refuseHold(reason)
  case .proceed: effects = model.proceed(text)
  }
  if case .tick = message {} else { model.needsDisplay = true }
  return effects + model.resizeTerminal()
}
