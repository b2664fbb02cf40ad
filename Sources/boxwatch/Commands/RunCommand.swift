import ArgumentParser
import ExecModel

/// `boxwatch run`: one or several commands, on the screen or headless.
struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Run commands and watch them to their last byte.",
    discussion: """
      Ends with the command's exit status: 128+N for a signal, 124 when the time limit was up, 126 or 127 when it could
      not start, 125 for a failure of boxwatch's own. Separate several commands by ---.
      """)

  @OptionGroup(title: "What to run") var options: RunOptions
  @OptionGroup(title: "Without a screen") var headless: HeadlessOptions
  @OptionGroup(title: "Screen") var screen: ScreenOptions
  @OptionGroup var common: CommonOptions

  @Argument(parsing: .postTerminator, help: ArgumentHelp("The command, after --.", valueName: "command"))
  var command: [String] = []

  func validate() throws {
    try options.validate(command: command)
    if headless.json, headless.tag || headless.timestamps {
      throw ValidationError(
        "--json already has the stream and the time of everything: leave --tag and --timestamps out")
    }
  }

  func run() throws {
    let session = try Session(common, screen, key: options.apiKey)
    let requests = try options.requests(command: command, session.configuration)
    if headless.isChosen || !Terminal.isInteractive {
      throw ExitCode(try HeadlessRun(session, headless.format, requests).run())
    }
    throw ExitCode(try MainActor.assumeIsolated { try Monitor(session).run(requests) })
  }
}
