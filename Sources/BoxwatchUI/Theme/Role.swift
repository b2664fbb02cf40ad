/// What a piece of the screen means; a theme says how each looks.
///
/// The raw names are what theme files write. A name with dots falls back to the name without its last part.
public enum Role: String, Hashable, Sendable, CaseIterable {
  case text, dim, border
  case borderFocus = "border.focus"
  case title
  case titleFocus = "title.focus"
  case statusbar
  case statusbarKey = "statusbar.key"
  case selection, cursorline, search
  case searchMatch = "search.match"
  case searchCurrent = "search.current"
  case scrollbar, stream
  case streamStdout = "stream.stdout"
  case streamStderr = "stream.stderr"
  case streamStdin = "stream.stdin"
  case streamMeta = "stream.meta"
  case gutter
  case gutterTime = "gutter.time"
  case gutterTag = "gutter.tag"
  case gutterLineNumber = "gutter.lineno"
  case exec
  case execPending = "exec.pending"
  case execRunning = "exec.running"
  case execDraining = "exec.draining"
  case execOK = "exec.ok"
  case execFailed = "exec.failed"
  case execSignalled = "exec.signalled"
  case execKilled = "exec.killed"
  case execLost = "exec.lost"
  case execAttached = "exec.attached"
  case follow
  case followOn = "follow.on"
  case followOff = "follow.off"
  case gap, truncated, warning, error, info, dialog, button
  case buttonFocus = "button.focus"
  case graph
  case graphCPU = "graph.cpu"
  case graphMemory = "graph.mem"
  case help
  case helpKey = "help.key"
  case helpText = "help.text"

  /// The role whose style fills what this one leaves open; nil for ``text``, the root.
  public var parent: Role? {
    guard self != .text else { return nil }
    guard let dot = rawValue.lastIndex(of: ".") else { return .text }
    return Role(rawValue: String(rawValue[..<dot])) ?? .text
  }
}
