public import ExecModel

/// What the held command was last seen to do.
public enum HeldActivity: Hashable, Sendable {
  /// On a processor, or ready for one.
  case running
  /// Asleep in something that is no write to a full stream.
  case waiting
  /// Within write(2) to a pipe without room, the command itself or a descendant.
  case blockedInWrite(ExecStream, processIdentifier: Int32)
  /// Stopped by a signal.
  case stopped
  /// Ended and not reaped: a zombie.
  case ended
  /// Reaped.
  case gone

  /// A few words: `blocked in write to stdout`.
  public var words: String {
    switch self {
    case .running: "running"
    case .waiting: "sleeping"
    case .blockedInWrite(let stream, _): "blocked in write to \(stream.name)"
    case .stopped: "stopped"
    case .ended: "exited (zombie)"
    case .gone: "exited (reaped)"
    }
  }

  /// A mark before the words.
  func glyph(isUTF8: Bool) -> String {
    switch self {
    case .running: isUTF8 ? "▶" : ">"
    case .waiting: isUTF8 ? "◦" : "."
    case .blockedInWrite: isUTF8 ? "■" : "#"
    case .stopped: isUTF8 ? "◫" : "="
    case .ended, .gone: isUTF8 ? "✔" : "+"
    }
  }

  /// What it looks like.
  var role: Role {
    switch self {
    case .running, .waiting: .execRunning
    case .blockedInWrite, .stopped: .warning
    case .ended: .execDraining
    case .gone: .dim
    }
  }
}
