public import ExecModel

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
