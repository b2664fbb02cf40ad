import ArgumentParser
import Console
import ExecEngine
import ExecModel
import Glibc
import Headless
import Instances
import Linux

/// `boxwatch ls`: lists running and finished executions.
struct ListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ls",
    abstract: "List the executions of every boxwatch on this machine, running ones first.",
    discussion: """
      STATE shows how an execution ended: '!' marks output that was cut off, '?' output that may be missing. \
      'interrupted' means that its boxwatch died, 'command N' that its command still runs as process N. Use the ID, the beginning of the long one (--json has it), or the name with \
      attach, logs, wait and kill.
      """)

  @Flag(help: "Write one JSON object a line.")
  var json = false

  @Flag(name: [.customLong("all"), .customShort("a")], help: "List all, not only the newest 20 that have ended.")
  var all = false

  /// The number of finished executions listed without `--all`.
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
    if rest > 0, !json { Diagnostics.print(Self.omission(rest)) }
  }

  /// What is said when so many are not listed.
  static func omission(_ count: Int) -> String {
    count == 1
      ? "1 older one is not listed: boxwatch ls --all lists it"
      : "\(count) older ones are not listed: boxwatch ls --all lists them"
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

/// `boxwatch logs`: prints the kept output of an execution.
struct LogsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "logs",
    abstract: "Write what an execution wrote: its stdout to stdout, its stderr to stderr, bytes untouched.",
    discussion: """
      Ends with status 0 whatever the command's own was (boxwatch wait has that); with 125 when its boxwatch died before \
      the end, as the record is not whole then. Output that is no longer kept is reported on stderr.
      """)

  @Argument(help: ArgumentHelp("An identifier or name; boxwatch ls lists them.", valueName: "id"))
  var execution: String

  @Flag(name: [.customLong("follow"), .customShort("f")], help: "Follow the output until the execution has ended.")
  var follow = false

  @Flag(help: "Only its stdout.")
  var stdout = false

  @Flag(help: "Only its stderr (to stderr).")
  var stderr = false

  @Flag(help: "Prefix each line with its stream.")
  var tag = false

  @Flag(help: "Prefix each line with its time.")
  var timestamps = false

  @Flag(help: "Write one JSON object a line for every event.")
  var json = false

  func validate() throws {
    if stdout, stderr { throw ValidationError("--stdout and --stderr: leave both out to get both") }
    if json, tag || timestamps {
      throw ValidationError(
        "--json already has the stream and the time of everything: leave out --tag and --timestamps")
    }
  }

  private var streams: StreamSet { stdout ? .stdout : stderr ? .stderr : .both }

  private var format: HeadlessFormat {
    if json { return .json }
    return tag || timestamps ? .lines(tag: tag, timestamps: timestamps) : .bytes
  }

  func run() throws {
    let found = try ExecutionFinder().find(execution)
    throw ExitCode(try LogsRun(found, format, streams, follows: follow).run())
  }
}
