public import ExecModel

/// An actual event of the held command, or an action of the user.
public struct HeldMoment: Hashable, Sendable {
  /// The kind of event.
  public enum Kind: Hashable, Sendable {
    /// The process was started, with its number.
    case started(Int32?)
    /// The user closed a gate.
    case held(HeldGate)
    /// The user opened a gate.
    case released(HeldGate)
    /// A process was observed blocked in write(2).
    case blocked(ExecStream)
    /// A pump read bytes; adjacent reads of a stream are merged.
    case read(ExecStream, bytes: UInt64)
    /// A pump reached end of stream.
    case ended(ExecStream)
    /// The process ended.
    case exited(ExitStatus)
    /// The box lost the command.
    case lost
  }

  /// Nanoseconds since the start.
  public let time: UInt64
  /// The kind of event.
  public var kind: Kind

  /// Creates an event.
  public init(time: UInt64, _ kind: Kind) {
    self.time = time
    self.kind = kind
  }
}

/// An announcement of a dispatcher to its user; adjacent output of a stream is merged.
public enum HeldTold: Hashable, Sendable {
  /// Bytes of a stream.
  case output(ExecStream, bytes: UInt64)
  /// An exit, or the answer to a wait.
  case terminal(Announcement)
}

/// The last observed activity of the held command.
public enum HeldActivity: Hashable, Sendable {
  /// On a processor, or ready to run.
  case running
  /// Sleeping, other than in a write to a full stream.
  case waiting
  /// In write(2) on a full pipe, in the command itself or in a descendant.
  case blockedInWrite(ExecStream, processIdentifier: Int32)
  /// Stopped by a signal.
  case stopped
  /// Exited and not reaped: a zombie.
  case ended
  /// Reaped.
  case gone
}
