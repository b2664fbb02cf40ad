public import Widgets

/// A step through the list or a pane.
public enum Movement: Hashable, Sendable {
  case up, down, halfPageUp, halfPageDown, pageUp, pageDown, top, bottom
}

/// A step to the side in a pane whose lines are cut.
public enum SidewaysMovement: Hashable, Sendable {
  case left, right, lineStart, lineEnd
}

/// What a key does on the screen while no dialog is open; the effect depends on the focus.
public enum MainCommand: Hashable, Sendable {
  case move(Movement)
  case moveSideways(SidewaysMovement)
  // Choosing what is shown.
  case focusNext, focusPrevious, enter, leave
  case select(Int)
  case previousExecution, nextExecution
  // Changing how it is shown.
  case toggleFollow, toggleWrap, toggleArrangement, toggleZoom, search
  // Acting on an execution.
  case start, startWaiting, attach, signal, forceClose, release, input, details
  // The program.
  case themes, race, help, quit, suspend, redraw
}

/// What a key does while the focused pane has a search, in front of ``MainCommand``.
public enum SearchCommand: Hashable, Sendable {
  case nextMatch, previousMatch, endSearch
  case main(MainCommand)
}

/// What a key does in the prompt that starts a command.
public enum StartPromptCommand: Hashable, Sendable {
  case nextBox, listBoxes, editOptions, toggleTerminal, toggleInput
  case line(LineCommand)
}

/// What a key does in the line for standard input.
public enum InputLineCommand: Hashable, Sendable {
  case endOfInput
  case line(LineCommand)
}

/// What a key does in a menu.
public enum MenuCommand: Hashable, Sendable {
  case up, down, first, last, untype, accept, cancel
}

/// A step through a list with a filter, or a deletion in the filter.
public enum PickerMove: Hashable, Sendable {
  case up, down, pageUp, pageDown, first, last, untype, untypeAll
}

/// What a key does in the attach list.
public enum PickerCommand: Hashable, Sendable {
  case attach, cancel
  case move(PickerMove)
}

/// What a key does in the box list.
public enum BoxPickerCommand: Hashable, Sendable {
  case take, explain, cancel
  case move(PickerMove)
}

/// What a key does in a confirmation.
public enum QuestionCommand: Hashable, Sendable {
  case yes, no, otherButton, press
}
