package import ExecModel

/// What a command is seen to do; out of date as soon as it is told.
package enum ProcessSight: Hashable, Sendable {
  /// On a processor, or ready for one.
  case running
  /// Asleep: in a system call that is no write to a full stream, or in one that may not be looked at.
  case waiting
  /// Within write(2) to a stream whose pipe has no room; the process may be a descendant of the command.
  case blockedInWrite(ExecStream, processIdentifier: Int32)
  /// Stopped by a signal.
  case stopped
  /// Ended and not reaped yet: a zombie.
  case ended
  /// Reaped.
  case gone
}

extension ProcessSight {
  /// What any process does, by its own state alone.
  package init(of processIdentifier: Int32) {
    switch ProcessDirectory(processIdentifier: processIdentifier).state() {
    case UInt8(ascii: "R"): self = .running
    case UInt8(ascii: "T"), UInt8(ascii: "t"): self = .stopped
    case UInt8(ascii: "Z"), UInt8(ascii: "X"): self = .ended
    case nil: self = .gone
    case .some: self = .waiting
    }
  }
}
