import Cells

/// One role's entry as the file has it, colours unresolved.
struct ThemeEntry: Hashable, Sendable {
  /// The `fg` value.
  var foreground: PlacedText?
  /// The `bg` value.
  var background: PlacedText?
  /// The `modifiers`, which need no palette.
  var attributes: Attributes?
}
