import ArgumentParser
import Console
import ExecModel
import Instances

/// `boxwatch kill`: kills executions of any boxwatch, or sends them a signal.
struct KillCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "kill",
    abstract: "End executions with their process groups, or send them a signal.",
    discussion: """
      Without --signal the group is killed, and a draining one gives up its held streams, as with K in the monitor. \
      The boxwatch that runs it is asked to do it; if that boxwatch died, the command is signalled directly. Ends with 125 when one of them could not be reached or has already ended; \
      with 124 when the only problem is a boxwatch that did not answer within 5 s. A stopped boxwatch (Ctrl-Z) \
      does not do it later: repeat the command when it has been continued.
      """)

  @Option(
    name: [.customLong("signal"), .customShort("s")],
    help: ArgumentHelp("Send this signal, by name or number: TERM, SIGINT, 10.", valueName: "signal"),
    transform: { text in
      guard let signal = Signal(text: text) else {
        throw ValidationError("'\(text)' is not a signal; use a name such as TERM, or a number from 1 to 64")
      }
      return signal
    })
  var signal: Signal?

  @Argument(help: ArgumentHelp("Identifiers or names; boxwatch ls lists them.", valueName: "id"))
  var executions: [String]

  func run() throws {
    let finder = try ExecutionFinder()
    // Finds all of them before the first is signalled.
    let found = try executions.map { try finder.find($0) }
    var status: Int32 = 0
    for execution in found {
      do { try act(on: execution) } catch {
        Diagnostics.print("\(error)")
        status = max(status, error is UnansweredOrder ? UnansweredOrder.status : 125)
      }
    }
    if status != 0 { throw ExitCode(status) }
  }

  private func act(on execution: ListedExecution) throws {
    if let survivor = execution.survivor { return try survivor.signal(signal ?? .kill) }
    let control = try RemoteControl(execution, InstanceDirectory())
    if let signal { try control.signal(signal) } else { try control.kill() }
  }
}

/// `boxwatch wait`: waits until executions are over, and returns their exit status.
struct WaitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "wait",
    abstract: "Wait until executions have ended, and end with their exit status.",
    discussion: """
      The status is that of the command, as with boxwatch run; of several commands the first status that is not 0; 125 if a \
      boxwatch died before the end.
      """)

  @Argument(help: ArgumentHelp("Identifiers or names; boxwatch ls lists them.", valueName: "id"))
  var executions: [String]

  func run() throws {
    let finder = try ExecutionFinder()
    // Finds all of them before waiting for the first.
    let found = try executions.map { try finder.find($0) }
    let statuses = try found.map { try ExecutionWait($0).status() }
    throw ExitCode(statuses.first { $0 != 0 } ?? 0)
  }
}
