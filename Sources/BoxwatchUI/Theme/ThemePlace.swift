/// Where in a theme file something stands.
struct ThemePlace: Hashable, Sendable {
  /// The file's name.
  var file: String
  /// Line, from 1.
  var line: Int
  /// Column, from 1.
  var column: Int

  /// An error at this place.
  func error(_ message: String, role: String? = nil) -> ThemeError {
    ThemeError(file: file, line: line, column: column, role: role, message: message)
  }
}
