/// Breaks our own sentences between words.
enum WordWrap {
  /// The text in lines of at most so many characters; a word that is longer is cut into pieces.
  static func lines(_ text: String, width: Int) -> [String] {
    let width = max(1, width)
    var lines: [String] = []
    var line = ""
    for word in text.split(separator: " ").flatMap({ pieces($0, width) }) {
      if !line.isEmpty, line.count + 1 + word.count > width {
        lines.append(line)
        line = ""
      }
      line += (line.isEmpty ? "" : " ") + word
    }
    return line.isEmpty ? lines : lines + [line]
  }

  private static func pieces(_ word: Substring, _ width: Int) -> [Substring] {
    var rest = word
    var pieces: [Substring] = []
    while rest.count > width {
      pieces.append(rest.prefix(width))
      rest = rest.dropFirst(width)
    }
    return pieces + [rest]
  }
}
