import Cells
import RaceLab
import Widgets

/// What a key does on the lab's page of schedules.
enum StepCommand: Hashable, Sendable {
  case takeStep, up, down, select(Int)
  case stepBack, stepForward, restart, randomStep, runToEnd, nextLoss
  case leftDispatcher(by: Int), rightDispatcher(by: Int)
  case scenario, copySchedule, typeSchedule, tour, otherPage
  case help, leave, suspend, redraw
}

/// What a key does during the tour, in front of ``StepCommand``.
enum TourCommand: Hashable, Sendable {
  case goOn, leaveTour
  case step(StepCommand)
}

/// What a key does in the scenario menu.
enum ScenarioCommand: Hashable, Sendable {
  case up, down, less, more, accept, cancel
}

/// What a key does on the page that holds a real command.
enum HoldCommand: Hashable, Sendable {
  case toggleGate(HeldGate), releaseGates, restart, typeCommand
  case leftDispatcher(by: Int)
  case otherPage, help, leave, suspend, redraw
}

/// What a key does in the prompt for the command to hold.
enum HoldPromptCommand: Hashable, Sendable {
  case nextPreset
  case line(LineCommand)
}

/// The keys of the race lab: a table for each place.
struct LabKeymap: Hashable, Sendable {
  /// The standard keys.
  static let standard = LabKeymap()

  /// The page of schedules.
  let step = KeyTable("The race lab", Self.stepping + Self.changing)
  /// That page during the tour.
  let tour: KeyTable<TourCommand>
  /// The scenario menu.
  let scenario = KeyTable("The race lab's scenario", Self.choosing)
  /// The hold page.
  let hold = KeyTable("Holding a real exec", Self.holding)
  /// The prompt for the command to hold.
  let command = KeyTable(
    "The command to hold",
    [Binding([.named(.tab)], HoldPromptCommand.nextPreset, "the next example", hint: "example")], over: .line
  ) { .line($0) }
  /// The prompt for a schedule.
  let line = KeyTable<LineCommand>.line
  /// The help page.
  let page = KeyTable<PageCommand>.page

  private init() { tour = KeyTable("The race lab's tour", Self.touring, over: step) { .step($0) } }

  /// Every key with two meanings in one place.
  func conflicts() -> [KeyConflict] {
    step.conflicts() + tour.conflicts() + scenario.conflicts() + hold.conflicts() + command.conflicts()
      + line.conflicts() + page.conflicts()
  }
}

// The status line shows as many hints as fit, from the first binding on.
extension LabKeymap {
  private static func character(_ character: Character) -> Key { .character(character) }

  private static let stepping: [Binding<StepCommand>] =
    [
      Binding([.named(.enter), character(" ")], .takeStep, "the source takes a step", hint: "step"),
      Binding([character("k"), .named(.up)], .up, "choose the source above"),
      Binding([character("j"), .named(.down)], .down, "choose the source below"),
    ]
    + Binding.digits("choose that source") { .select($0) } + [
      Binding([character("u"), .named(.left)], .stepBack, "one step back", hint: "back"),
      Binding([.named(.right)], .stepForward, "that step again"),
      Binding([character("r"), character("0")], .restart, "start again", hint: "again"),
      Binding([character("a")], .randomStep, "step any source"),
      Binding([character("e")], .runToEnd, "any steps, to the end"),
      Binding([character("n")], .nextLoss, "the left's next loss", hint: "next loss"),
    ]

  private static let changing: [Binding<StepCommand>] = [
    Binding([character("t")], .tour, "a tour in five steps", hint: "tour"),
    Binding([character("?"), .named(.f1)], .help, "this page", hint: "help"),
    Binding([character("q"), .named(.escape), .control("c")], .leave, "leave the lab", hint: "leave"),
    Binding([character("s")], .scenario, "change what happens", hint: "scenario"),
    Binding([character("[")], .leftDispatcher(by: 1), "left: next dispatcher", hint: "left"),
    Binding([character("{")], .leftDispatcher(by: -1), "left: the one before"),
    Binding([character("]")], .rightDispatcher(by: 1), "right: next dispatcher", hint: "right"),
    Binding([character("}")], .rightDispatcher(by: -1), "right: the one before"),
    Binding([character("h")], .otherPage, "hold a real command", hint: "hold"),
    Binding([character("y")], .copySchedule, "copy the schedule", hint: "copy"),
    Binding([character("p")], .typeSchedule, "type or paste one", hint: "paste"),
    Binding([.control("l")], .redraw, "redraw the screen"),
    Binding([.control("z")], .suspend, "suspend boxwatch"),
  ]

  private static let touring: [Binding<TourCommand>] = [
    Binding([.named(.enter), character(" ")], .goOn, "the tour's next step", hint: "go on", shadows: true),
    Binding([.named(.escape)], .leaveTour, "leave the tour", hint: "leave the tour", shadows: true),
  ]

  private static let choosing: [Binding<ScenarioCommand>] = [
    Binding([character("k"), .named(.up)], .up, "one up"),
    Binding([character("j"), .named(.down)], .down, "one down"),
    Binding([character("h"), .named(.left), character("-")], .less, "less", hint: "less"),
    Binding([character("l"), .named(.right), character("+"), character(" ")], .more, "more", hint: "more"),
    Binding([.named(.enter)], .accept, "begin with this", hint: "begin"),
    Binding([.named(.escape), character("q"), .control("c")], .cancel, "leave it as it was", hint: "leave"),
  ]

  private static let holding: [Binding<HoldCommand>] = [
    Binding([character("1"), character("o")], .toggleGate(.stdout), "hold or release stdout", hint: "stdout"),
    Binding([character("2"), character("e")], .toggleGate(.stderr), "hold or release stderr", hint: "stderr"),
    Binding([character("3"), character("x")], .toggleGate(.exit), "hold or release the exit", hint: "exit"),
    Binding([character("a")], .releaseGates, "release all", hint: "all"),
    Binding([character("r"), character("0")], .restart, "start again", hint: "again"),
    Binding([character("n"), character("p")], .typeCommand, "another command", hint: "command"),
    Binding([character("[")], .leftDispatcher(by: 1), "left: next dispatcher", hint: "left"),
    Binding([character("{")], .leftDispatcher(by: -1), "left: the one before"),
    Binding([character("h")], .otherPage, "step through schedules", hint: "step"),
    Binding([character("?"), .named(.f1)], .help, "this page", hint: "help"),
    Binding([character("q"), .named(.escape), .control("c")], .leave, "leave, end the command", hint: "leave"),
    Binding([.control("l")], .redraw, "redraw the screen"),
    Binding([.control("z")], .suspend, "suspend boxwatch"),
  ]
}
