/// Chunks as the lab shows them: on one line, each line break visible.
enum LabText {
  /// The text with `↵` for a line break, `\n` in ASCII.
  static func visible(_ text: String, isUTF8: Bool) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: isUTF8 ? "↵" : "\\n")
  }

  /// The text's beginning in so many columns, with a mark for what is behind it; the text must be narrow.
  static func head(_ text: String, width: Int, isUTF8: Bool) -> String {
    guard text.count > width else { return text }
    return String(text.prefix(max(0, width - 1))) + (isUTF8 ? "…" : ">")
  }

  /// The text's end in so many columns, with a mark for what is before it; the text must be narrow.
  static func tail(_ text: String, width: Int, isUTF8: Bool) -> String {
    guard text.count > width else { return text }
    let mark = isUTF8 ? "…" : "<"
    return mark + String(text.suffix(max(0, width - 1)))
  }
}
