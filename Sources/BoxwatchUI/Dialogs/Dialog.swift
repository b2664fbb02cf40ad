import Cells
import Widgets

/// The dialog in front of the screen.
public enum Dialog: Hashable, Sendable {
  /// The help page.
  case help(HelpDialog)
  /// The details of an execution.
  case details(DetailsDialog)
  /// The signal menu for an execution.
  case signals(SignalMenu)
  /// The theme menu.
  case themes(ThemeMenu)
  /// The prompt that starts a command.
  case start(StartPrompt)
  /// The box list for that prompt.
  case boxes(BoxPicker)
  /// A line for an execution's standard input.
  case input(InputLine)
  /// The search line of a pane.
  case search(SearchLine)
  /// The attach list.
  case picker(Picker)
  /// A confirmation.
  case question(Question)

  /// The value that handles its keys.
  var content: any DialogContent {
    switch self {
    case .help(let page): page
    case .details(let page): page
    case .signals(let menu): menu
    case .themes(let menu): menu
    case .start(let prompt): prompt
    case .boxes(let picker): picker
    case .input(let line): line
    case .search(let line): line
    case .picker(let picker): picker
    case .question(let question): question
    }
  }
}

/// What becomes of a dialog after a key, the mouse or a paste.
enum DialogStep {
  /// It stays open.
  case stay
  /// It closes, and these effects are to be performed.
  case close([Effect] = [])
  /// Another one takes its place.
  case replace(Dialog, [Effect] = [])
  /// It stays open, and these effects are to be performed.
  case perform([Effect])
}

/// An open dialog: a value that handles its keys, the mouse and pastes, and draws itself.
///
/// The model only hands them on to the dialog that is open. What a dialog decides about itself it
/// returns as a ``DialogStep``; what it does to the rest of the screen it asks of the model.
protocol DialogContent: Hashable, Sendable {
  /// The dialog as it is stored in the model.
  var dialog: Dialog { get }
  /// Whether it is drawn in the status line, in place of hints and notices.
  var takesStatusLine: Bool { get }

  /// Handles a key.
  mutating func handle(_ key: Key, in model: inout Model, _ text: TextLookup) -> DialogStep
  /// Handles the mouse.
  mutating func handle(_ event: MouseEvent, in model: inout Model) -> DialogStep
  /// Takes a pasted text.
  mutating func paste(_ text: String, in model: inout Model) -> DialogStep
  /// The hints of its keys for the status line.
  func hints(_ keymap: Keymap) -> [KeyHint]
  /// Draws it.
  func paint(on painter: inout Painter)
}

extension DialogContent {
  var takesStatusLine: Bool { false }

  mutating func handle(_ event: MouseEvent, in model: inout Model) -> DialogStep { .stay }

  mutating func paste(_ text: String, in model: inout Model) -> DialogStep {
    model.refusePaste()
    return .stay
  }
}

extension Model {
  /// Hands a key to the open dialog.
  mutating func take(_ key: Key, in dialog: Dialog, _ text: TextLookup) -> [Effect] {
    route(dialog) { $0.handle(key, in: &$1, text) }
  }

  /// Hands a mouse event to the open dialog.
  mutating func take(_ event: MouseEvent, in dialog: Dialog) -> [Effect] {
    route(dialog) { $0.handle(event, in: &$1) }
  }

  /// Hands a paste to the open dialog, or says that nothing takes it.
  mutating func paste(_ text: String) -> [Effect] {
    guard let dialog else {
      refusePaste()
      return []
    }
    return route(dialog) { $0.paste(text, in: &$1) }
  }

  mutating func refusePaste() { say("a paste does nothing here") }

  private mutating func route(
    _ dialog: Dialog, _ body: (inout any DialogContent, inout Model) -> DialogStep
  ) -> [Effect] {
    var content = dialog.content
    switch body(&content, &self) {
    case .stay:
      self.dialog = content.dialog
      return []
    case .perform(let effects):
      self.dialog = content.dialog
      return effects
    case .close(let effects):
      self.dialog = nil
      return effects
    case .replace(let dialog, let effects):
      self.dialog = dialog
      return effects
    }
  }
}
