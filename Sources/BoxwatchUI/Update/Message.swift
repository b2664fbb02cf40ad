public import Cells
public import ExecModel
import Widgets

/// An event for `update`.
public enum Message: Sendable {
  /// A command that waits for its turn.
  public struct Queued: Sendable {
    /// Its identifier until it is started.
    public let id: ExecutionID
    /// The command.
    public let spec: ExecutionSpec
    /// The box it will run in.
    public let box: String

    /// Creates a queued command.
    public init(id: ExecutionID, spec: ExecutionSpec, box: String) { (self.id, self.spec, self.box) = (id, spec, box) }
  }

  /// A key, a mouse event or a paste.
  case key(Key)
  /// The terminal was resized.
  case resized(rows: Int, columns: Int)
  /// The clock advanced: nanoseconds on the monotonic clock, and the time of day for the header
  /// (`14:02:11`).
  case tick(now: UInt64, clock: String)
  /// An execution was created at a time on the monotonic clock, with its origin and limits.
  case added(
    ExecutionID, ExecutionSpec, box: String, created: UInt64, origin: RowOrigin = .own, limits: RowLimits = .none)
  /// Commands of a long list that wait for their turn, each with an identifier until it is started.
  case queued([Queued])
  /// The number of waiting commands that have no row.
  case unlisted(Int)
  /// A waiting command was started at a time on the monotonic clock, and is now an execution.
  case begun(ExecutionID, as: ExecutionID, created: UInt64)
  /// A waiting command was removed from the list.
  case unqueued(ExecutionID)
  /// The next event of an execution's record; adjacent output events of one stream may be merged.
  case event(ExecutionID, RecordedEvent)
  /// Why an execution's start was refused, in a sentence.
  case unstartable(ExecutionID, String)
  /// The boxwatch that kept an execution's record has died: there will be no terminal event.
  case interrupted(ExecutionID)
  /// Why nothing of an execution can be recorded now, as an error number; nil when recording works
  /// again or never will.
  case recordStalled(ExecutionID, Int32?)
  /// The entries of the attach list.
  case listing([PickerEntry])
  /// The complete list of boxes found so far, and whether the search is finished.
  case boxes([BoxChoice], isComplete: Bool)
  /// The server's address and its number of clients.
  case server(ServerStatus)
  /// The user quits: attached executions go on.
  case leaving
  /// The processes that hold the streams of a draining execution.
  case holders(ExecutionID, [PipeHolder])
  /// The measured usage of the requested executions and of their boxes.
  case usage(commands: [ExecutionID: UsageSample], boxes: [String: UsageSample])
  /// A notice for the status line.
  case notice(String, isError: Bool)
  /// A requested start failed before there was an execution; the notice gives the reason.
  case startRefused(String)
  /// The kernel took a write to an execution's input.
  case inputTaken(ExecutionID)
  /// The answer to ``Effect/proceed``.
  case proceed
}

/// An action for the executable to perform.
public enum Effect: Hashable, Sendable {
  /// Start a command; answered by `added` or `startRefused`.
  case start(StartRequest)
  /// Start a waiting command before its turn; answered by `begun`.
  case startWaiting(ExecutionID)
  /// Remove a waiting command from the list; answered by `unqueued`.
  case cancelWaiting(ExecutionID)
  /// Send a signal to the execution's process group.
  case signal(ExecutionID, Signal)
  /// Force-close: kill the group, drain what is readable, end.
  case forceClose(ExecutionID)
  /// Give up the held streams of a draining execution.
  case release(ExecutionID)
  /// Write bytes to the execution's input; answered by `inputTaken`.
  case write(ExecutionID, [UInt8])
  /// Close the execution's input after the pending writes.
  case closeInput(ExecutionID)
  /// Set the size of the execution's terminal.
  case resizeTerminal(ExecutionID, TerminalSize)
  /// Look up the processes that hold the streams; answered by `holders`.
  case lookUpHolders(ExecutionID)
  /// Measure usage, unless it was measured a moment ago; answered by `usage`.
  case measureUsage([UsageTarget])
  /// Search for boxes; answered by `boxes`, more than once when a search takes long.
  case listBoxes
  /// List everything that can be attached to; answered by `listing`.
  case listExecutions
  /// Attach to an execution; answered by `added` or `startRefused`.
  case attach(PickerTarget)
  /// Drop what was read of an execution whose row was removed.
  case forget(ExecutionID)
  /// Stop the program as Ctrl-Z does, and redraw when it is continued.
  case suspend
  /// Copy a text to the terminal's clipboard at the user's request.
  case copy(String)
  /// Open the race lab in front of this screen.
  case openRaceLab
  /// Redraw the whole screen.
  case redraw
  /// Send `proceed` when no other input is pending; a search continues in steps.
  case proceed
  /// Quit; what is still running is killed first.
  case quit
}

/// A request of the start prompt.
public struct StartRequest: Hashable, Sendable {
  /// The command line as typed.
  public var text: String
  /// Its words; never empty.
  public var command: [String]
  /// The box's name; empty for the default when the model has no boxes.
  public var box: String
  /// The words of the sandbox options, as on a command line.
  public var options: [String]
  /// The terminal's size, if the command gets one.
  public var terminal: TerminalSize?
  /// Whether standard input stays open.
  public var wantsInput: Bool

  /// Creates a request.
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

/// Applies one message to the model and returns the effects to perform.
///
/// A pure function of its arguments and the text: it uses no clock, file or global state. `text`
/// provides the streams that scrolling and searching read.
public func update(_ model: inout Model, _ message: Message, text: TextLookup) -> [Effect] {
  var effects: [Effect] = []
  switch message {
  case .key(let key): effects = model.take(key, text)
  case .resized(let rows, let columns): model.display.resize(rows: rows, columns: columns)
  case .tick(let now, let clock): effects = model.tick(now: now, clock: clock)
  case .added(let id, let spec, let box, let created, let origin, let limits):
    effects = model.add(id, spec, box: box, created: created, origin, limits)
  case .queued(let commands): model.add(waiting: commands)
  case .unlisted(let count): model.unlisted = count
  case .begun(let waiting, let id, let created): model.begin(waiting, as: id, created: created)
  case .unqueued(let id): model.drop(waiting: id)
  case .event(let id, let record): model.take(record, of: id)
  case .unstartable(let id, let reason): model.change(id) { $0.startError = reason }
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
  case .proceed: effects = model.proceed(text)
  }
  if case .tick = message {} else { model.needsDisplay = true }
  return effects + model.resizeTerminal()
}
