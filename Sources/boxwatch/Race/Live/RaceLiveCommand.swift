import ArgumentParser

/// `boxwatch race live`: real processes, of which only the dispatcher differs.
struct RaceLiveCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "live", abstract: "Run real commands with every dispatcher, and count what was lost.")
}
