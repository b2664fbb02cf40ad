import ArgumentParser

/// `boxwatch race explore`: every schedule of a small system, with every dispatcher.
struct RaceExploreCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explore", abstract: "Run every order of events with every dispatcher, and count what was lost.")
}
