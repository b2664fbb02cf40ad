import ArgumentParser

/// `boxwatch` alone: an empty monitor.
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
    throw ExitCode(try MainActor.assumeIsolated { try Monitor(session).run([]) })
  }
}
