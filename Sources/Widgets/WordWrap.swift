/// Wraps boxwatch's own sentences between words.
package enum WordWrap {
  /// Wraps a text to a width in characters; a longer word is split.
  package static func lines(_ text: String, width: Int) -> [String] {
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

  /// Wraps a text, after commas where that is enough.
  package static func clauses(_ text: String, width: Int) -> [String] {
    var lines: [String] = []
    var rest = text.split(separator: " ")[...]
    while !rest.isEmpty {
      let end = rest.firstIndex { $0.hasSuffix(",") } ?? rest.endIndex - 1
      let clause = rest[...end].joined(separator: " ")
      rest = rest[(end + 1)...]
      if let last = lines.last, last.count + 1 + clause.count <= width {
        lines[lines.count - 1] = last + " " + clause
      } else {
        lines += Self.lines(clause, width: width)
      }
    }
    return lines
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
