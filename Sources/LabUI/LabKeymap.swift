import Cells
import RaceLab

extension Keymap {
  /// The keys of the race lab; the status line shows as many as fit, from the first on.
  static let lab: [Binding] = stepping + changing + touring + holding

  private static let stepping: [Binding] =
    [
      Binding([.named(.enter), character(" ")], .takeStep, in: .lab, "the source takes a step", hint: "step"),
      Binding([character("k"), .named(.up)], .up, in: .lab, "choose the source above"),
      Binding([character("j"), .named(.down)], .down, in: .lab, "choose the source below"),
    ]
    + (1...9).map { number in
      Binding([character(Character("\(number)"))], .select(number), in: .lab, "choose source \(number)")
    } + [
      Binding([character("u"), .named(.left)], .stepBack, in: .lab, "one step back", hint: "back"),
      Binding([.named(.right)], .stepForward, in: .lab, "that step again"),
      Binding([character("r"), character("0")], .restartSteps, in: .lab, "start again", hint: "again"),
      Binding([character("a")], .randomStep, in: .lab, "step any source"),
      Binding([character("e")], .runToEnd, in: .lab, "any steps, to the end"),
      Binding([character("n")], .nextLoss, in: .lab, "the left's next loss", hint: "next loss"),
    ]

  private static let changing: [Binding] = [
    Binding([character("t")], .tour, in: .lab, "a tour in five steps", hint: "tour"),
    Binding([character("?"), .named(.f1)], .help, in: .lab, "this page", hint: "help"),
    Binding([character("q"), .named(.escape), .control("c")], .quit, in: .lab, "leave the lab", hint: "leave"),
    Binding([character("s")], .scenario, in: .lab, "change what happens", hint: "scenario"),
    Binding([character("[")], .leftDispatcher(by: 1), in: .lab, "left: next dispatcher", hint: "left"),
    Binding([character("{")], .leftDispatcher(by: -1), in: .lab, "left: the one before"),
    Binding([character("]")], .rightDispatcher(by: 1), in: .lab, "right: next dispatcher", hint: "right"),
    Binding([character("}")], .rightDispatcher(by: -1), in: .lab, "right: the one before"),
    Binding([character("h")], .otherPage, in: .lab, "hold a real command", hint: "hold"),
    Binding([character("y")], .copySchedule, in: .lab, "copy the schedule", hint: "copy"),
    Binding([character("p")], .typeSchedule, in: .lab, "type or paste one", hint: "paste"),
    Binding([.control("l")], .redraw, in: .lab, "redraw the screen"),
    Binding([.control("z")], .suspend, in: .lab, "suspend boxwatch"),
  ]

  private static let touring: [Binding] = [
    Binding(
      [.named(.enter), character(" ")], .tourNext, in: .labTour, "the tour's next step", hint: "go on", shadows: true),
    Binding([.named(.escape)], .endTour, in: .labTour, "leave the tour", hint: "leave the tour", shadows: true),
    Binding([character("k"), .named(.up)], .choiceUp, in: .labScenario, "one up"),
    Binding([character("j"), .named(.down)], .choiceDown, in: .labScenario, "one down"),
    Binding([character("h"), .named(.left), character("-")], .choiceLess, in: .labScenario, "less", hint: "less"),
    Binding(
      [character("l"), .named(.right), character("+"), character(" ")], .choiceMore, in: .labScenario, "more",
      hint: "more"),
    Binding([.named(.enter)], .accept, in: .labScenario, "begin with this", hint: "begin"),
    Binding(
      [.named(.escape), character("q"), .control("c")], .cancel, in: .labScenario, "leave it as it was", hint: "leave"),
  ]

  private static let holding: [Binding] = [
    Binding(
      [character("1"), character("o")], .toggleGate(.stdout), in: .labHold, "hold or release stdout", hint: "stdout"),
    Binding(
      [character("2"), character("e")], .toggleGate(.stderr), in: .labHold, "hold or release stderr", hint: "stderr"),
    Binding(
      [character("3"), character("x")], .toggleGate(.exit), in: .labHold, "hold or release the exit", hint: "exit"),
    Binding([character("a")], .releaseGates, in: .labHold, "release all", hint: "all"),
    Binding([character("r"), character("0")], .restartHeld, in: .labHold, "start again", hint: "again"),
    Binding([character("n"), character("p")], .typeCommand, in: .labHold, "another command", hint: "command"),
    Binding([character("[")], .leftDispatcher(by: 1), in: .labHold, "left: next dispatcher", hint: "left"),
    Binding([character("{")], .leftDispatcher(by: -1), in: .labHold, "left: the one before"),
    Binding([character("h")], .otherPage, in: .labHold, "step through schedules", hint: "step"),
    Binding([character("?"), .named(.f1)], .help, in: .labHold, "this page", hint: "help"),
    Binding(
      [character("q"), .named(.escape), .control("c")], .quit, in: .labHold, "leave, end the command",
      hint: "leave"),
    Binding([.control("l")], .redraw, in: .labHold, "redraw the screen"),
    Binding([.control("z")], .suspend, in: .labHold, "suspend boxwatch"),
    Binding([.named(.tab)], .nextPreset, in: .labCommand, "the next example", hint: "example"),
  ]
}
