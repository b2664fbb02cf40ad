import ArgumentParser

/// `boxwatch race`: the race that the engine exists to prevent, lost on purpose and kept.
struct RaceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "race",
    abstract: "Lose the last line on purpose, see why, and see that it cannot happen here.",
    discussion: """
      boxwatch race explore               every order of events, with every dispatcher
      boxwatch race live                  real processes, with every dispatcher
      """,
    subcommands: [RaceExploreCommand.self, RaceLiveCommand.self])
}
