import ArgumentParser
import ExecEngine
import Glibc

/// `boxwatch ls`: what runs, and what ran.
struct ListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ls",
    abstract: "List the executions of every boxwatch on this machine, running ones first.",
    discussion: """
      STATE is how it ended, for one that is over: '!' marks output that was cut off, '?' output that may be missing. \
      'interrupted' is one whose boxwatch died; 'command N' says that its command goes on as process N. Use the ID, the beginning of the long one (--json has it), or the name with \
      attach, logs, wait and kill.
      """)

  @Flag(help: "Write one JSON object a line.")
  var json = false

  @Flag(name: [.customLong("all"), .customShort("a")], help: "List all, not only the newest 20 that are over.")
  var all = false

  /// How many that are over are listed without `--all`.
  static let fewest = 20

  func run() throws {
    let list = try ExecutionFinder().list()
    let found = list.executions
    let live = found.prefix { $0.state.isLive }
    let over = found.dropFirst(live.count)
    let shown = Array(live + (all ? over : over.prefix(Self.fewest)))
    try write(shown)
    for problem in list.problems { Diagnostics.print(problem) }
    let rest = found.count - shown.count
    if rest > 0, !json { Diagnostics.print("\(rest) older ones are not listed: boxwatch ls --all lists them") }
  }

  private func write(_ executions: [ListedExecution]) throws {
    let output = TextOutput()
    if json {
      for execution in executions { try output.write(execution.json) }
      return
    }
    let isTerminal = isatty(STDOUT_FILENO) == 1
    let table = ExecutionTable(
      width: Terminal.columns(of: STDOUT_FILENO) ?? Environment["COLUMNS"].flatMap(Int.init) ?? 80,
      isColored: isTerminal && Environment["NO_COLOR"] == nil && Environment["TERM"] != "dumb", now: WallClock.now)
    try output.write(table.lines(executions))
  }
}
