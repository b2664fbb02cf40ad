import ExecEngine
import ExecModel
import Glibc
import Logging
import NIOCore

/// How a signal gets to a command in a container; engines have no call for it.
///
/// On the engine's own host kill(2) reaches the command's process group. Where this user may not, or the engine is
/// elsewhere, a second exec sends it from within the container, which needs `sh` and `kill` there.
struct SignalRoute: Sendable {
  let client: EngineClient
  let container: String
  /// The variable that marks the command's processes; nil when they are told by their numbers.
  let mark: EnvironmentVariable?

  /// - Throws: ``SignalError`` as far as it is known at once.
  func send(_ signal: Signal, to process: HostProcess?) throws(SignalError) {
    guard let process else { return try sendMarked(signal) }
    switch process.signal(signal.number) {
    case 0: return
    case ESRCH: throw .ended
    case EPERM: sendWithin(signal, process.innerIdentifier)
    case let number: throw .system(number)
    }
  }

  private func sendWithin(_ signal: Signal, _ number: Int32) {
    let script = "kill -\(signal.number) -- -\(number) 2>/dev/null || kill -\(signal.number) \(number)"
    run(["sh", "-c", script])
  }

  /// To all processes with the mark in their environment: the command and its descendants.
  private func sendMarked(_ signal: Signal) throws(SignalError) {
    guard let mark else { throw .unsupported }
    let script = """
      for d in /proc/[0-9]*; do
        tr '\\0' '\\n' <"$d/environ" 2>/dev/null | grep -qxF "$1" && kill -\(signal.number) "${d#/proc/}"
      done
      """
    run(["sh", "-c", script, "sh", mark.name + "=" + mark.value])
  }

  private func run(_ command: [String]) {
    client.runUnseen(container, command).whenFailure { [container] error in
      ExecSession.logger.warning("signal not sent", metadata: ["container": "\(container)", "reason": "\(error)"])
    }
  }
}
