import ArgumentParser

/// `boxwatch race`: the race that the engine exists to prevent, lost on purpose and kept.
struct RaceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "race",
    abstract: "Lose the last line on purpose, see why, and see that it cannot happen here.",
    discussion: """
      boxwatch race                       on the screen, step by step; press t for a tour, ? for what it is
      boxwatch race replay STRING         a schedule that somebody wrote down: o1e1:xoOeE
      boxwatch race explore               every order of events, with every dispatcher
      boxwatch race live                  real processes, with every dispatcher
      """,
    subcommands: [RaceStepCommand.self, RaceReplayCommand.self, RaceExploreCommand.self, RaceLiveCommand.self],
    defaultSubcommand: RaceStepCommand.self)
}
