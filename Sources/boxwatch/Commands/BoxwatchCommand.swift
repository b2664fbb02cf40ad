import ArgumentParser
import BoxwatchUI
import Cells
import Console

/// The program: without a subcommand it opens an empty monitor.
struct BoxwatchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "boxwatch",
    abstract: "Watch commands run in boxes, stdout and stderr apart, done only when the last byte is in.",
    discussion: """
      boxwatch run -- make -j2            watch one command
      boxwatch run -- A --- B --- C       watch several
      boxwatch run --headless -- make     no screen: bytes through, exit status kept
      boxwatch                            an empty monitor; press n to start something, ? for help
      boxwatch run --detach -- make       in the background; then ls, attach, logs, wait, kill
      boxwatch race explore               the race that this program exists to prevent, in every order
      """,
    version: "boxwatch 0.1.0",
    subcommands: [
      RunCommand.self, MonitorCommand.self, ListCommand.self, AttachCommand.self, LogsCommand.self, WaitCommand.self,
      KillCommand.self, ServeCommand.self, BoxCommand.self, BoxesCommand.self, RaceCommand.self, ThemesCommand.self,
      BackgroundCommand.self,
    ],
    defaultSubcommand: MonitorCommand.self)
}

/// Options of every command.
struct CommonOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Configuration file.", valueName: "file"))
  var config: String?

  @Flag(help: "Write diagnostics to standard error (after the screen is closed).")
  var verbose = false
}

/// `boxwatch` without a subcommand: an empty monitor.
struct MonitorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "monitor", abstract: "Open the monitor without a command (the default).")

  @OptionGroup var screen: ScreenOptions
  @OptionGroup var common: CommonOptions

  func run() throws {
    let session = try Session(common, screen)
    guard Terminal.takesMonitor() else {
      throw Failure("the monitor needs a terminal: run it in one, or use boxwatch run --headless -- COMMAND")
    }
    throw ExitCode(try MainActor.assumeIsolated { try Monitor(session).run(MonitorPlan()) })
  }
}

/// `boxwatch themes`: lists the themes that `--theme` takes.
struct ThemesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "themes", abstract: "List the themes, shipped and your own.")

  func run() throws {
    try TextOutput().write(ThemeStore().list().map { "\($0.name)\t\($0.origin)" as SafeText })
  }
}
