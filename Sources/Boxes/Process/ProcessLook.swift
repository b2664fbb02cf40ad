import CExecShims
package import ExecEngine
package import ExecModel

/// A started command whose streams can be held back by hand: what the race lab drives.
///
/// Holding stops the *reading*, not the reports: nothing is kept here, so that the pipe fills and the command blocks as it
/// would behind a pump that is not scheduled.
package protocol GatedProcess: BoxProcess {
  /// Stops reading a stream, its end included; a read that is under way is reported yet.
  func hold(_ stream: ExecStream)

  /// Reads a held stream on, and does what was asked for meanwhile.
  func letGo(_ stream: ExecStream)

  /// What the kernel holds of a stream; nil once its end was read or it was emptied.
  func level(_ stream: ExecStream) -> PipeLevel?

  /// What the command's processes are doing at this moment.
  func sight() -> ProcessSight
}

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

/// Looks at a command and its descendants by `/proc` (proc(5)).
struct ProcessLook {
  /// The names of the pipes that are open here.
  let links: [HolderScan.Link]
  let leader: Int32

  /// How many descendants are looked at; a build's tree must not cost the lab its pace.
  private static let most = 64

  /// A writer that blocks is told before what the command itself does.
  func run() -> ProcessSight {
    let sight = ProcessSight(of: leader)
    switch sight {
    case .running, .waiting, .ended: return blockedWriter() ?? sight
    case .stopped, .gone, .blockedInWrite: return sight
    }
  }

  private func blockedWriter() -> ProcessSight? {
    var waiting = [leader]
    var looked = 0
    while let next = waiting.popLast(), looked < Self.most {
      looked += 1
      let process = ProcessDirectory(processIdentifier: next)
      if let stream = blockedStream(process) { return .blockedInWrite(stream, processIdentifier: next) }
      waiting += process.children()
    }
    return nil
  }

  /// The stream that a sleeping process is just writing to.
  private func blockedStream(_ process: ProcessDirectory) -> ExecStream? {
    guard let call = process.systemCall(), cexec_is_write_call(call.number) != 0 else { return nil }
    guard let target = process.target(ofDescriptor: call.argument) else { return nil }
    return links.first { $0.name == target }?.stream
  }
}
