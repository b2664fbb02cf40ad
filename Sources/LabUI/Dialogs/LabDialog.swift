import Cells
import Widgets

/// The dialog in front of the lab.
public enum LabDialog: Hashable, Sendable {
  /// The help page.
  case help(LabHelp)
  /// The scenario menu.
  case scenario(ScenarioMenu)
  /// The prompt for a schedule's text.
  case schedule(SchedulePrompt)
  /// The prompt for the command to hold.
  case command(HoldPrompt)

  /// The value that handles its keys.
  var content: any LabDialogContent {
    switch self {
    case .help(let page): page
    case .scenario(let menu): menu
    case .schedule(let prompt): prompt
    case .command(let prompt): prompt
    }
  }
}

/// What becomes of a dialog after a key, the mouse or a paste.
enum LabDialogStep {
  /// It stays open.
  case stay
  /// It closes, and these effects are to be performed.
  case close([LabEffect] = [])
}

/// An open dialog: a value that handles its keys, the mouse and pastes, and draws itself.
protocol LabDialogContent: Hashable, Sendable {
  /// The dialog as it is stored in the lab.
  var dialog: LabDialog { get }

  /// Handles a key.
  mutating func handle(_ key: Key, in lab: inout LabModel) -> LabDialogStep
  /// Handles the mouse.
  mutating func handle(_ event: MouseEvent, in lab: inout LabModel) -> LabDialogStep
  /// Takes a pasted text.
  mutating func paste(_ text: String, in lab: inout LabModel) -> LabDialogStep
  /// The hints of its keys for the status line.
  func hints(_ keymap: LabKeymap) -> [KeyHint]
  /// Draws it.
  func paint(on painter: inout LabPainter)
}

extension LabDialogContent {
  mutating func handle(_ event: MouseEvent, in lab: inout LabModel) -> LabDialogStep { .stay }

  mutating func paste(_ text: String, in lab: inout LabModel) -> LabDialogStep {
    lab.refusePaste()
    return .stay
  }
}

extension LabModel {
  /// Hands an event to a dialog, which stays open or closes.
  mutating func route(
    to dialog: LabDialog, _ body: (inout any LabDialogContent, inout LabModel) -> LabDialogStep
  ) -> [LabEffect] {
    var content = dialog.content
    switch body(&content, &self) {
    case .stay:
      self.dialog = content.dialog
      return []
    case .close(let effects):
      self.dialog = nil
      return effects
    }
  }

  mutating func refusePaste() { say("a paste does nothing here") }
}
