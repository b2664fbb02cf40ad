import ArgumentParser
import RaceLab

/// `boxwatch race replay`: a schedule's text opened in the lab, or printed where there is no terminal.
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

  /// A text that cannot be read is wrong use, told in one line.
  private func schedule() throws -> Schedule {
    do {
      return try Schedule(text: text)
    } catch {
      // The reason must not stand behind a quote that fills the screen.
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
