public import Cells
public import RaceLab
import Widgets

/// An event for `update`.
public enum LabMessage: Sendable {
  /// A key, a mouse event or a paste.
  case key(Key)
  /// The terminal was resized.
  case resized(rows: Int, columns: Int)
  /// The clock advanced: nanoseconds on the monotonic clock.
  case tick(now: UInt64)
  /// The state of the held command.
  case held(HeldSnapshot)
  /// The held command did not start, with the reason.
  case holdRefused(String)
}

/// An action for the executable to perform.
public enum LabEffect: Hashable, Sendable {
  /// Perform an action on the held command; a start is answered by `held` or `holdRefused`.
  case hold(HoldRequest)
  /// Copy a text to the terminal's clipboard at the user's request.
  case copy(String)
  /// Stop the program as Ctrl-Z does, and redraw when it is continued.
  case suspend
  /// Redraw the whole screen.
  case redraw
  /// Close the lab.
  case leave
}

/// Applies one message to the lab and returns the effects to perform; a pure function.
public func update(_ lab: inout LabModel, _ message: LabMessage) -> [LabEffect] {
  switch message {
  case .key(let key): return lab.take(key)
  case .resized(let rows, let columns): lab.display.resize(rows: rows, columns: columns)
  case .tick(let now):
    lab.now = max(lab.now, now)
    if let notice = lab.notice, notice.until <= now { lab.notice = nil }
  case .held(let snapshot): lab.hold.snapshot = snapshot
  case .holdRefused(let reason): lab.refuseHold(reason)
  }
  return []
}

/// Draws a lab's screen; a pure function.
public func view(_ lab: LabModel) -> Grid {
  var painter = LabPainter(lab)
  painter.paint()
  return painter.grid
}
