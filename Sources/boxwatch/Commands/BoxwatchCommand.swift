import ArgumentParser

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
      KillCommand.self, ServeCommand.self, RaceCommand.self, ThemesCommand.self, BackgroundCommand.self,
    ],
    defaultSubcommand: MonitorCommand.self)
}
