/// Everything a key can ask for; what it does depends on the focus or the open dialog.
public enum Command: Hashable, Sendable {
  // Moving about, in the list and in the panes.
  case up, down, halfPageUp, halfPageDown, pageUp, pageDown, top, bottom
  case left, right, lineStart, lineEnd
  // Choosing what is looked at.
  case focusNext, focusPrevious, enter, leave
  case select(Int)
  case previousExecution, nextExecution
  // How it is shown.
  case toggleFollow, toggleWrap, toggleArrangement, toggleZoom, search, nextMatch, previousMatch
  // What is done to an execution.
  case start, startWaiting, attach, signal, forceClose, release, input, details
  // The program.
  case themes, race, help, quit, suspend, redraw
  // Line editors.
  case accept, cancel, editLeft, editRight, editStart, editEnd
  case deleteBefore, deleteAfter, deleteToStart, deleteToEnd, deleteWord, historyBack, historyForward
  case nextBox, listBoxes, editOptions, toggleTerminal, toggleInput, endOfInput
  // The list of boxes.
  case takeBox, explain
  // Menus and questions.
  case choiceUp, choiceDown, choiceTop, choiceBottom, choiceLess, choiceMore, yes, no, otherButton
  // The race lab.
  case takeStep, stepBack, stepForward, restartSteps, randomStep, runToEnd, nextLoss
  case leftDispatcher(by: Int), rightDispatcher(by: Int)
  case scenario, copySchedule, typeSchedule, tour, tourNext, endTour
  // The race lab's holding page.
  case otherPage, toggleGate(HeldGate), releaseGates, restartHeld, typeCommand, nextPreset
}
