/// A stranger's text as one short line that moves no cursor.
enum OneLine {
  /// Characters of a text at most.
  static let limit = 400

  /// The text with its controls as spaces, cut at the limit.
  static func text(_ text: String) -> String {
    var line = ""
    for scalar in text.unicodeScalars.prefix(limit) {
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator: line += " "
      default: line.unicodeScalars.append(scalar)
      }
    }
    while line.last == " " { line.removeLast() }
    return line
  }
}
