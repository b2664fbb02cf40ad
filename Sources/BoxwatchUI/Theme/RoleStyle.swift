import Cells

/// What a theme says about one role; what it leaves open comes from the role's parent.
struct RoleStyle: Hashable, Sendable {
  /// The colour of the text, when said.
  var foreground: Color?
  /// The colour behind it, when said.
  var background: Color?
  /// The modifiers, when said; an empty list says "none of the parent's".
  var attributes: Attributes?

  /// This style with its open places filled from a parent's.
  func filled(from parent: Style) -> Style {
    Style(
      foreground: foreground ?? parent.foreground, background: background ?? parent.background,
      attributes: attributes ?? parent.attributes)
  }
}
