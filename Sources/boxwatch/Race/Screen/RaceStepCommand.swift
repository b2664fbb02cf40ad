import ArgumentParser
import RaceLab

/// `boxwatch race` alone: the lab on the screen.
struct RaceStepCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "step", abstract: "Step through an order of events on the screen (the default).",
    discussion: "Press t for a tour in five steps, ? for what is shown and the keys.")

  @OptionGroup(title: "What there is to happen") var scenario: ScenarioOptions
  @OptionGroup var halves: HalvesOptions
  @OptionGroup(title: "Screen") var screen: ScreenOptions
  @OptionGroup var common: CommonOptions

  func run() throws {
    guard Terminal.isInteractive else {
      throw Failure("the race lab needs a terminal: run it in one, or use boxwatch race explore")
    }
    let session = LabSession(try scenario.scenario(), kinds: halves.kinds)
    try LabScreen(common, screen).run(session)
  }
}
