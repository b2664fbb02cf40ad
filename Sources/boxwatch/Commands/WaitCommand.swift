import ArgumentParser

/// `boxwatch wait`: sleeps until executions are over, and ends as they did.
struct WaitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "wait",
    abstract: "Wait until executions are over, and end with their exit status.",
    discussion: """
      The status is the command's own as boxwatch run has it, of several the first that is not 0; 125 for one whose \
      boxwatch died before the end.
      """)

  @Argument(help: ArgumentHelp("Identifiers or names; boxwatch ls lists them.", valueName: "id"))
  var executions: [String]

  func run() throws {
    let finder = try ExecutionFinder()
    // All are known to exist before anything is waited for.
    let found = try executions.map { try finder.find($0) }
    let statuses = try found.map { try ExecutionWait($0).status() }
    throw ExitCode(statuses.first { $0 != 0 } ?? 0)
  }
}
