import ArgumentParser
import ExecModel

/// `boxwatch logs`: the output of an execution, as far as it is kept.
struct LogsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "logs",
    abstract: "Write what an execution wrote: its stdout to stdout, its stderr to stderr, bytes untouched.",
    discussion: """
      Ends with status 0 whatever the command's own was (boxwatch wait has that); with 125 when its boxwatch died before \
      the end, as the record is not whole then. Output that is not kept any more is told on stderr.
      """)

  @Argument(help: ArgumentHelp("An identifier or name; boxwatch ls lists them.", valueName: "id"))
  var execution: String

  @Flag(name: [.customLong("follow"), .customShort("f")], help: "Go on until the execution is over.")
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
        "--json already has the stream and the time of everything: leave --tag and --timestamps out")
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
