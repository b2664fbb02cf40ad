import ArgumentParser
import Console
import LabUI
import Linux
import RaceLab

/// The two dispatchers shown side by side.
struct HalvesOptions: ParsableArguments {
  @Option(
    name: .customLong("dispatcher"),
    help: ArgumentHelp(
      "The left half; given again, the right one (default: exit-first, drain-ordered).",
      valueName: "name"),
    transform: { try DispatcherKind(name: $0) })
  var chosen: [DispatcherKind] = []

  func validate() throws {
    guard chosen.count <= 2 else {
      throw ValidationError("--dispatcher: there are two halves, and \(chosen.count) dispatchers were given")
    }
  }

  /// The left one, then the right one.
  var kinds: [DispatcherKind] {
    let left = chosen.first ?? .exitFirst
    return [left, chosen.count > 1 ? chosen[1] : .drainOrdered]
  }
}

/// Opens the race lab alone, in the monitor's loop.
struct LabScreen {
  private let common: CommonOptions
  private let screen: ScreenOptions

  init(_ common: CommonOptions, _ screen: ScreenOptions) {
    self.common = common
    self.screen = screen
  }

  /// Shows a session until the user quits; always throws the exit status.
  ///
  /// - Parameter command: the command that the hold page starts, empty to prompt for it; nil for
  ///   the stepping page.
  func run(_ session: LabSession, holding command: [String]? = nil) throws {
    let monitor = try Session(common, screen)
    let plan = MonitorPlan(lab: MonitorPlan.Lab(session: session, holding: command))
    throw ExitCode(try MainActor.assumeIsolated { try Monitor(monitor).run(plan) })
  }
}

/// `boxwatch race` alone: opens the lab on the screen.
struct RaceStepCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "step", abstract: "Step through an order of events on the screen (the default).",
    discussion: """
      Press t for a tour in five steps, ? for what is shown and the keys. With --hold a real command runs, and its stdout,
      its stderr and its exit are released by hand: boxwatch race --hold -- seq 1 200000
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
      throw ValidationError("a command is only held with --hold; use boxwatch race --hold -- COMMAND")
    }
  }

  /// The right half of the hold page is always the machine's, and a dispatcher that reads the pipe
  /// itself cannot be used there.
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

/// `boxwatch race replay`: opens a schedule in the lab, or prints it when there is no terminal.
struct RaceReplayCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "replay",
    abstract: "Open a schedule that was written down; without a terminal, print it and its verdicts.",
    discussion: """
      A schedule is a scenario, a colon and a letter for each step: o1e1:xoOeE. In the scenario o1 is one chunk of stdout,
      e1 one of stderr, w2 two waiters, l a late waiter, g a grandchild, d a deadline, f a force close. As steps, o and e
      are chunks, O and E the ends of stream, x the exit, w and l waiters, g and G the grandchild, d and f as before.
      """)

  @Argument(help: ArgumentHelp("The schedule, such as o1e1:xoOeE.", valueName: "schedule"))
  var text: String

  @OptionGroup var halves: HalvesOptions
  @OptionGroup(title: "Screen") var screen: ScreenOptions
  @OptionGroup var common: CommonOptions

  func run() throws {
    let session = LabSession(try schedule(), kinds: halves.kinds)
    guard Terminal.isInteractive else { return try write(session) }
    try LabScreen(common, screen).run(session)
  }

  /// A text that cannot be parsed is a usage error, reported in one line.
  private func schedule() throws -> Schedule {
    do {
      return try Schedule(text: text)
    } catch {
      // A long quote must not push the reason off the screen.
      let quoted = text.count > 60 ? text.prefix(57) + "..." : text[...]
      Diagnostics.print("the schedule '\(quoted)' cannot be read: \(error.description)")
      throw ExitCode(2)
    }
  }

  private func write(_ session: LabSession) throws {
    let isASCII = !LocaleCharacters.areUnicode
    let diagram = MarbleDiagram(session, isASCII: isASCII, width: Terminal.columns(of: 1))
    try TextOutput().write([session.schedule.text] + diagram.lines + [MarbleDiagram.legend(isASCII: isASCII).text])
  }
}
