import Cells

extension Keymap {
  /// The standard keys.
  public static let standard = Keymap(
    bindings: looking + moving + acting + searching + editing + choosing + picking + lab)

  static func character(_ character: Character) -> Key { .character(character) }

  private static let looking: [Binding] =
    [
      Binding([.named(.tab)], .focusNext, in: .main, "focus the next of list, stdout, stderr", hint: "pane"),
      Binding([.named(.backTab)], .focusPrevious, in: .main, "focus the previous"),
      Binding([.named(.enter)], .enter, in: .main, "from the list: focus the pane"),
      Binding([.named(.escape)], .leave, in: .main, "leave the zoom, then the pane"),
    ]
    + (1...9).map { number in
      Binding([character(Character("\(number)"))], .select(number), in: .main, "select execution \(number)")
    } + [
      Binding([character("[")], .previousExecution, in: .main, "select the execution before"),
      Binding([character("]")], .nextExecution, in: .main, "select the execution after"),
      Binding(
        [character("f"), character("F")], .toggleFollow, in: .main, "follow the output, or pause", hint: "follow"),
      Binding([character("/")], .search, in: .main, "search in the pane", hint: "search"),
      Binding([character("w")], .toggleWrap, in: .main, "wrap long lines, or cut them", hint: "wrap"),
      Binding([character("z")], .toggleZoom, in: .main, "zoom the pane to the whole screen", hint: "zoom"),
      Binding([character("v")], .toggleArrangement, in: .main, "panes side by side, or stacked"),
    ]

  private static let moving: [Binding] = [
    Binding([character("k"), .named(.up)], .up, in: .main, "one up"),
    Binding([character("j"), .named(.down)], .down, in: .main, "one down"),
    Binding([.control("u")], .halfPageUp, in: .main, "half a page up"),
    Binding([.control("d")], .halfPageDown, in: .main, "half a page down"),
    Binding([character("b"), .named(.pageUp)], .pageUp, in: .main, "a page up"),
    Binding([character(" "), .named(.pageDown)], .pageDown, in: .main, "a page down"),
    Binding([character("g"), .named(.home)], .top, in: .main, "to the top"),
    Binding([character("G"), .named(.end)], .bottom, in: .main, "to the bottom, and follow"),
    Binding([character("h"), .named(.left)], .left, in: .main, "sideways to the left"),
    Binding([character("l"), .named(.right)], .right, in: .main, "sideways to the right"),
    Binding([character("0"), character("^")], .lineStart, in: .main, "to the lines' beginning"),
    Binding([character("$")], .lineEnd, in: .main, "to the lines' end"),
  ]

  private static let acting: [Binding] = [
    Binding([character("n")], .start, in: .main, "start a command", hint: "new"),
    Binding([character("x")], .signal, in: .main, "send a signal", hint: "signal"),
    Binding([character("i")], .input, in: .main, "write to standard input", hint: "input"),
    Binding([character("d")], .details, in: .main, "details: box, user, directory, labels"),
    Binding([character("K")], .forceClose, in: .main, "kill: close the execution by force", hint: "kill"),
    Binding([character("s")], .startWaiting, in: .main, "start a command that waits for its turn"),
    Binding([character("D")], .release, in: .main, "draining: give up the held streams", hint: "release"),
    Binding([character("t")], .themes, in: .main, "choose a theme"),
    Binding([.control("l")], .redraw, in: .main, "draw the screen anew"),
    Binding([.control("z")], .suspend, in: .main, "suspend boxwatch"),
    Binding([character("?"), .named(.f1)], .help, in: .main, "this help", hint: "help"),
    Binding([character("q"), .control("c")], .quit, in: .main, "quit; asks when something still runs", hint: "quit"),
    Binding([character("a")], .attach, in: .main, "attach to what runs elsewhere, or is over", hint: "attach"),
    Binding([character("R")], .race, in: .main, "the race lab: lose the last line, and see why", hint: "race"),
  ]

  private static let searching: [Binding] = [
    Binding([character("n")], .nextMatch, in: .search, "the next match", hint: "next", shadows: true),
    Binding([character("N")], .previousMatch, in: .search, "the match before", hint: "previous"),
    Binding([.named(.escape)], .leave, in: .search, "end the search", hint: "end search", shadows: true),
  ]

  private static let editing: [Binding] = [
    Binding([.named(.enter)], .accept, in: .editor, "accept the line", hint: "accept"),
    Binding([.named(.escape), .control("c"), .control("g")], .cancel, in: .editor, "leave", hint: "leave"),
    Binding([.named(.left), .control("b")], .editLeft, in: .editor, "one to the left"),
    Binding([.named(.right), .control("f")], .editRight, in: .editor, "one to the right"),
    Binding([.named(.home), .control("a")], .editStart, in: .editor, "to the beginning"),
    Binding([.named(.end), .control("e")], .editEnd, in: .editor, "to the end"),
    Binding([.named(.backspace), .control("h")], .deleteBefore, in: .editor, "delete before the cursor"),
    Binding([.named(.delete)], .deleteAfter, in: .editor, "delete under the cursor"),
    Binding([.control("u")], .deleteToStart, in: .editor, "delete to the beginning"),
    Binding([.control("k")], .deleteToEnd, in: .editor, "delete to the end"),
    Binding([.control("w")], .deleteWord, in: .editor, "delete the word before"),
    Binding([.named(.up), .control("p")], .historyBack, in: .editor, "the line before in the history"),
    Binding([.named(.down), .control("n")], .historyForward, in: .editor, "the line after in the history"),
    Binding([.named(.tab)], .nextBox, in: .startPrompt, "the next box", hint: "box"),
    Binding([.control("x")], .listBoxes, in: .startPrompt, "all boxes, and what each can do", hint: "boxes"),
    Binding([.control("s")], .editOptions, in: .startPrompt, "to the sandbox's options, and back", hint: "options"),
    Binding([.control("t")], .toggleTerminal, in: .startPrompt, "with a terminal, or pipes", hint: "terminal"),
    Binding([.control("o")], .toggleInput, in: .startPrompt, "standard input open, or closed", hint: "stdin"),
    Binding([.control("d")], .endOfInput, in: .inputLine, "end of input", hint: "end of input"),
  ]

  private static let picking: [Binding] = [
    Binding([.named(.up), .control("p")], .choiceUp, in: .picker, "one up"),
    Binding([.named(.down), .control("n")], .choiceDown, in: .picker, "one down"),
    Binding([.named(.pageUp)], .pageUp, in: .picker, "a page up"),
    Binding([.named(.pageDown)], .pageDown, in: .picker, "a page down"),
    Binding([.named(.home)], .choiceTop, in: .picker, "the first"),
    Binding([.named(.end)], .choiceBottom, in: .picker, "the last"),
    Binding([.named(.enter)], .accept, in: .picker, "attach to it", hint: "attach"),
    Binding([.named(.backspace), .control("h")], .deleteBefore, in: .picker, "undo a typed letter"),
    Binding([.control("u")], .deleteToStart, in: .picker, "undo all of them"),
    Binding([.named(.escape), .control("c"), .control("g")], .cancel, in: .picker, "leave", hint: "leave"),
    Binding([.named(.enter)], .takeBox, in: .boxPicker, "take this box", hint: "take", shadows: true),
    Binding([character("?")], .explain, in: .boxPicker, "why it cannot do what is grey", hint: "why"),
  ]

  private static let choosing: [Binding] = [
    Binding([.named(.up)], .choiceUp, in: .menu, "one up"),
    Binding([.named(.down)], .choiceDown, in: .menu, "one down"),
    Binding([.named(.home)], .choiceTop, in: .menu, "the first"),
    Binding([.named(.end)], .choiceBottom, in: .menu, "the last"),
    Binding([.named(.enter)], .accept, in: .menu, "choose", hint: "choose"),
    Binding([.named(.backspace)], .deleteBefore, in: .menu, "undo a typed letter"),
    Binding([.named(.escape), .control("c")], .cancel, in: .menu, "leave", hint: "leave"),
    Binding([character("y"), character("Y")], .yes, in: .question, "yes", hint: "yes"),
    Binding(
      [character("n"), character("N"), .named(.escape), character("q")], .no, in: .question, "no: stay", hint: "stay"),
    Binding([.control("c")], .yes, in: .question, "yes: pressed twice, Ctrl-C kills and quits"),
    Binding(
      [.named(.tab), .named(.backTab), .named(.left), .named(.right), character("h"), character("l")],
      .otherButton, in: .question, "the other button"),
    Binding([.named(.enter), character(" ")], .accept, in: .question, "press the button"),
    Binding([character("k"), .named(.up)], .up, in: .help, "one line up"),
    Binding([character("j"), .named(.down)], .down, in: .help, "one line down", hint: "down"),
    Binding([character("b"), .named(.pageUp)], .pageUp, in: .help, "a page up"),
    Binding([character(" "), .named(.pageDown)], .pageDown, in: .help, "a page down"),
    Binding([character("g"), .named(.home)], .top, in: .help, "to the top"),
    Binding([character("G"), .named(.end)], .bottom, in: .help, "to the bottom"),
    Binding(
      [.named(.escape), character("q"), character("?"), .named(.enter), .control("c"), .named(.f1)], .cancel,
      in: .help, "close", hint: "close"),
  ]
}
