import CExecShims
import ExecModel
import Glibc

/// A running bubblewrap sandbox, seen from outside.
///
/// Its session holds the monitor (the process that was spawned), the first process of the new process namespace,
/// which is bubblewrap too, and the command with its descendants. A polite signal to the monitor's group kills
/// the monitor, and everything else with it (``ProcessLeader``), before the command's own handler has run.
struct Sandbox {
  /// The spawned process, whose number is also its session's and its group's.
  let monitor: Int32

  /// Signals the command and its descendants; nil when the signal is for the monitor's group as a whole.
  ///
  /// That is so for KILL, which cannot be handled, and before the command exists: it could have no handler yet either.
  /// Otherwise the processes of the session are signalled, not those of the group: an interactive shell or `timeout`
  /// moves to a group of its own, and the rest would be the monitor.
  func signal(_ signal: Signal) -> Int32? {
    guard signal != .kill else { return nil }
    // Before the command existed a stop went to bubblewrap too, which then would never report the end.
    if signal.number == SIGCONT { kill(-monitor, SIGCONT) }
    let answers = members().map { Self.send(signal, to: $0, in: monitor) }
    guard !answers.isEmpty else { return nil }
    return answers.contains(0) ? 0 : answers[0]
  }

  private func members() -> [Int32] {
    ProcessDirectory.all().filter { identifier in
      guard identifier != monitor, let family = ProcessDirectory(processIdentifier: identifier).family() else {
        return false
      }
      return family.session == monitor && !isFirst(identifier, parent: family.parent)
    }
  }

  private func isFirst(_ identifier: Int32, parent: Int32) -> Bool {
    parent == monitor && ProcessDirectory(processIdentifier: identifier).innermostIdentifier() == 1
  }

  /// A pidfd pins the process; asking for its session again then proves that it is still the one that was found.
  private static func send(_ signal: Signal, to identifier: Int32, in session: Int32) -> Int32 {
    let descriptor = cexec_pidfd_open(identifier)
    guard descriptor >= 0 else { return -descriptor }
    defer { close(descriptor) }
    guard ProcessDirectory(processIdentifier: identifier).family()?.session == session else { return ESRCH }
    return cexec_pidfd_signal(descriptor, signal.number)
  }
}
