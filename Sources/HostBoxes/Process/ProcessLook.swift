package import ExecEngine
package import ExecModel
import Linux

/// A started command whose streams can be held, for the race lab.
///
/// Holding stops the *reading*, not the reports: no bytes are kept here, so the pipe fills and the command blocks as it
/// would behind a pump that is not scheduled.
package protocol GatedProcess: BoxProcess {
  /// Stops reading a stream, including its end; a read in progress is still reported.
  func hold(_ stream: ExecStream)

  /// Resumes reading a held stream, and carries out requests made meanwhile.
  func endHold(_ stream: ExecStream)

  /// The unread bytes that the kernel holds of a stream; nil once its end was read or it was emptied.
  func level(_ stream: ExecStream) -> PipeLevel?

  /// The current activity of the command's processes.
  func activity() -> ProcessActivity
}

/// The activity of a command; out of date as soon as it is returned.
package enum ProcessActivity: Hashable, Sendable {
  /// On a processor, or ready to run.
  case running
  /// Asleep: in a system call that is not a write to a full stream, or in one that cannot be determined.
  case waiting
  /// In write(2) to a stream whose pipe is full; the process may be a descendant of the command.
  case blockedInWrite(ExecStream, processIdentifier: Int32)
  /// Stopped by a signal.
  case stopped
  /// Ended and not reaped yet: a zombie.
  case ended
  /// Reaped.
  case gone
}

extension ProcessActivity {
  /// The activity of any process, by its own state alone.
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

/// Examines a command and its descendants through `/proc` (proc(5)).
struct ProcessLook {
  /// The names of the pipes that are open here.
  let links: [HolderScan.Link]
  let leader: Int32

  /// The maximum number of processes examined; the process tree of a build must not slow down the lab.
  private static let most = 64

  /// A blocked writer takes precedence over the activity of the command itself.
  func run() -> ProcessActivity {
    let activity = ProcessActivity(of: leader)
    switch activity {
    case .running, .waiting, .ended: return blockedWriter() ?? activity
    case .stopped, .gone, .blockedInWrite: return activity
    }
  }

  private func blockedWriter() -> ProcessActivity? {
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

  /// The stream to which a sleeping process is writing.
  private func blockedStream(_ process: ProcessDirectory) -> ExecStream? {
    guard let call = process.systemCall(), call.isWrite else { return nil }
    guard let target = process.target(ofDescriptor: call.argument) else { return nil }
    return links.first { $0.name == target }?.stream
  }
}
