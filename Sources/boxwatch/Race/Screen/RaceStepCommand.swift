import ArgumentParser
import BoxwatchUI
import RaceLab

/// `boxwatch race` alone: the lab on the screen.
struct RaceStepCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "step", abstract: "Step through an order of events on the screen (the default).",
    discussion: """
      Press t for a tour in five steps, ? for what is shown and the keys. With --hold a real command runs, and its stdout,
      its stderr and its exit are let go by hand: boxwatch race --hold -- seq 1 200000
      """)

  @Flag(help: "Open on the page that holds a real command; asks for one when none follows --.")
  var hold = false

  @Argument(parsing: .postTerminator, help: ArgumentHelp("The command to hold, after --.", valueName: "command"))
  var command: [String] = []

  @OptionGroup(title: "What there is to happen") var scenario: ScenarioOptions
  @OptionGroup var halves: HalvesOptions
  @OptionGroup(title: "Screen") var screen: ScreenOptions
  @OptionGroup var common: CommonOptions

  func validate() throws {
    if hold { try validateHalves() }
    guard hold || command.isEmpty else {
      throw ValidationError("a command is only held with --hold: write boxwatch race --hold -- COMMAND")
    }
  }

  /// The right half of the holding page is the machine's, and a dispatcher that reads the pipe itself cannot stand by.
  private func validateHalves() throws {
    let left = halves.chosen.first ?? .exitFirst
    guard HoldModel.choices.contains(left), halves.chosen.count < 2 else {
      let names = HoldModel.choices.map(\.name).joined(separator: ", ")
      throw ValidationError("--hold: the right half is drain-ordered; --dispatcher chooses the left one of \(names)")
    }
  }

  func run() throws {
    guard Terminal.isInteractive else {
      throw Failure("the race lab needs a terminal: run it in one, or use boxwatch race explore")
    }
    let session = LabSession(try scenario.scenario(), kinds: halves.kinds)
    try LabScreen(common, screen).run(session, holding: hold ? command : nil)
  }
}
