import Cells
public import Widgets

/// The keys of the monitor: a table for each place, with the commands that are possible there.
public struct Keymap: Hashable, Sendable {
  /// The standard keys.
  public static let standard = Keymap()

  /// The screen with no dialog open.
  public let main = KeyTable("Everywhere", Self.looking + Self.moving + Self.acting)
  /// The screen while the focused pane has a search.
  public let search: KeyTable<SearchCommand>
  /// Every line that is edited.
  public let line = KeyTable<LineCommand>.line
  /// The prompt that starts a command.
  public let startPrompt = KeyTable("Starting a command", Self.starting, over: .line) { .line($0) }
  /// The line for standard input.
  public let inputLine = KeyTable(
    "Writing to standard input",
    [Binding([.control("d")], InputLineCommand.endOfInput, "end of input", hint: "end of input")], over: .line
  ) { .line($0) }
  /// The menus of signals and themes.
  public let menu = KeyTable("Menus", Self.choosing)
  /// The attach list.
  public let picker = KeyTable("Attaching", Self.picking)
  /// The box list of the start prompt.
  public let boxPicker: KeyTable<BoxPickerCommand>
  /// A confirmation with two buttons.
  public let question = KeyTable("Questions", Self.answering)
  /// The help page and the details.
  let page = KeyTable<PageCommand>.page

  private init() {
    search = KeyTable("While a search is shown", Self.searching, over: main) { .main($0) }
    boxPicker = KeyTable("Choosing a box", Self.boxes, over: KeyTable("Filtering", Self.filtering)) { .move($0) }
  }

  /// The tables as the help page shows them.
  var sections: [KeySection] {
    [
      main.section, search.section, line.section, startPrompt.section, inputLine.section, menu.section,
      picker.section, boxPicker.section, question.section, page.section,
    ]
  }

  /// Every key with two meanings in one place.
  public func conflicts() -> [KeyConflict] {
    main.conflicts() + search.conflicts() + line.conflicts() + startPrompt.conflicts() + inputLine.conflicts()
      + menu.conflicts() + picker.conflicts() + boxPicker.conflicts() + question.conflicts() + page.conflicts()
  }
}

// MARK: - The screen

extension Keymap {
  private static func character(_ character: Character) -> Key { .character(character) }

  private static let looking: [Binding<MainCommand>] =
    [
      Binding([.named(.tab)], .focusNext, "focus the next of list, stdout, stderr", hint: "pane"),
      Binding([.named(.backTab)], .focusPrevious, "focus the previous"),
      Binding([.named(.enter)], .enter, "from the list: focus the pane"),
      Binding([.named(.escape)], .leave, "leave the zoom, then the pane"),
    ]
    + Binding.digits("select the execution of that number") { .select($0) } + [
      Binding([character("[")], .previousExecution, "select the execution before"),
      Binding([character("]")], .nextExecution, "select the execution after"),
      Binding([character("f"), character("F")], .toggleFollow, "follow the output, or pause", hint: "follow"),
      Binding([character("/")], .search, "search in the pane", hint: "search"),
      Binding([character("w")], .toggleWrap, "wrap long lines, or cut them", hint: "wrap"),
      Binding([character("z")], .toggleZoom, "zoom the pane to the whole screen", hint: "zoom"),
      Binding([character("v")], .toggleArrangement, "panes side by side, or stacked"),
    ]

  private static let moving: [Binding<MainCommand>] = [
    Binding([character("k"), .named(.up)], .move(.up), "one up"),
    Binding([character("j"), .named(.down)], .move(.down), "one down"),
    Binding([.control("u")], .move(.halfPageUp), "half a page up"),
    Binding([.control("d")], .move(.halfPageDown), "half a page down"),
    Binding([character("b"), .named(.pageUp)], .move(.pageUp), "a page up"),
    Binding([character(" "), .named(.pageDown)], .move(.pageDown), "a page down"),
    Binding([character("g"), .named(.home)], .move(.top), "to the top"),
    Binding([character("G"), .named(.end)], .move(.bottom), "to the bottom, and follow"),
    Binding([character("h"), .named(.left)], .moveSideways(.left), "sideways to the left"),
    Binding([character("l"), .named(.right)], .moveSideways(.right), "sideways to the right"),
    Binding([character("0"), character("^")], .moveSideways(.lineStart), "to the lines' beginning"),
    Binding([character("$")], .moveSideways(.lineEnd), "to the lines' end"),
  ]

  private static let acting: [Binding<MainCommand>] = [
    Binding([character("n")], .start, "start a command", hint: "new"),
    Binding([character("x")], .signal, "send a signal", hint: "signal"),
    Binding([character("i")], .input, "write to standard input", hint: "input"),
    Binding([character("d")], .details, "details: box, user, directory, labels"),
    Binding([character("K")], .forceClose, "kill: close the execution by force", hint: "kill"),
    Binding([character("s")], .startWaiting, "start a queued command now"),
    Binding([character("D")], .release, "draining: give up the held streams", hint: "release"),
    Binding([character("t")], .themes, "choose a theme"),
    Binding([.control("l")], .redraw, "redraw the screen"),
    Binding([.control("z")], .suspend, "suspend boxwatch"),
    Binding([character("?"), .named(.f1)], .help, "this help", hint: "help"),
    Binding([character("q"), .control("c")], .quit, "quit; asks when something is still running", hint: "quit"),
    Binding([character("a")], .attach, "attach to an execution that runs elsewhere, or has ended", hint: "attach"),
    Binding([character("R")], .race, "the race lab: lose the last line, and see why", hint: "race"),
  ]

  private static let searching: [Binding<SearchCommand>] = [
    Binding([character("n")], .nextMatch, "the next match", hint: "next", shadows: true),
    Binding([character("N")], .previousMatch, "the match before", hint: "previous"),
    Binding([.named(.escape)], .endSearch, "end the search", hint: "end search", shadows: true),
  ]
}

// MARK: - The dialogs

extension Keymap {
  private static let starting: [Binding<StartPromptCommand>] = [
    Binding([.named(.tab)], .nextBox, "the next box", hint: "box"),
    Binding([.control("x")], .listBoxes, "all boxes, and what each can do", hint: "boxes"),
    Binding([.control("s")], .editOptions, "to the sandbox's options, and back", hint: "options"),
    Binding([.control("t")], .toggleTerminal, "with a terminal, or pipes", hint: "terminal"),
    Binding([.control("o")], .toggleInput, "standard input open, or closed", hint: "stdin"),
  ]

  private static let choosing: [Binding<MenuCommand>] = [
    Binding([.named(.up)], .up, "one up"),
    Binding([.named(.down)], .down, "one down"),
    Binding([.named(.home)], .first, "the first"),
    Binding([.named(.end)], .last, "the last"),
    Binding([.named(.enter)], .accept, "choose", hint: "choose"),
    Binding([.named(.backspace)], .untype, "delete the last letter"),
    Binding([.named(.escape), .control("c")], .cancel, "leave", hint: "leave"),
  ]

  private static let filtering: [Binding<PickerMove>] = [
    Binding([.named(.up), .control("p")], .up, "one up"),
    Binding([.named(.down), .control("n")], .down, "one down"),
    Binding([.named(.pageUp)], .pageUp, "a page up"),
    Binding([.named(.pageDown)], .pageDown, "a page down"),
    Binding([.named(.home)], .first, "the first"),
    Binding([.named(.end)], .last, "the last"),
    Binding([.named(.backspace), .control("h")], .untype, "delete the last letter"),
    Binding([.control("u")], .untypeAll, "delete all letters"),
  ]

  private static let picking =
    filtering.map { $0.lifted(PickerCommand.move) } + [
      Binding([.named(.enter)], .attach, "attach to it", hint: "attach"),
      Binding([.named(.escape), .control("c"), .control("g")], .cancel, "leave", hint: "leave"),
    ]

  private static let boxes: [Binding<BoxPickerCommand>] = [
    Binding([.named(.enter)], .take, "use this box", hint: "take"),
    Binding([character("?")], .explain, "why it cannot do what is grey", hint: "why"),
    Binding([.named(.escape), .control("c"), .control("g")], .cancel, "leave", hint: "leave"),
  ]

  private static let answering: [Binding<QuestionCommand>] = [
    Binding([character("y"), character("Y")], .yes, "yes", hint: "yes"),
    Binding([character("n"), character("N"), .named(.escape), character("q")], .no, "no: stay", hint: "stay"),
    Binding([.control("c")], .yes, "yes: pressed twice, Ctrl-C kills and quits"),
    Binding(
      [.named(.tab), .named(.backTab), .named(.left), .named(.right), character("h"), character("l")],
      .otherButton, "the other button"),
    Binding([.named(.enter), character(" ")], .press, "press the button"),
  ]
}
