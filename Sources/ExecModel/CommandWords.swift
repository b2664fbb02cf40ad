/// Splits a typed command into words as a shell would, and joins words into text that can be read
/// and pasted.
public enum CommandWords {
  /// Why a typed command cannot be split.
  public enum Problem: Error, Hashable, Sendable, CustomStringConvertible {
    /// A quote is not closed.
    case openQuote(Character)
    /// Nothing follows the last backslash.
    case openEscape
    /// The text contains a NUL.
    case nul

    /// One sentence for the prompt.
    public var description: String {
      switch self {
      case .openQuote(let quote): "a \(quote) is not closed"
      case .openEscape: "nothing follows the last \\"
      case .nul: "a command cannot contain a NUL byte"
      }
    }
  }

  private struct Splitter {
    var words: [String] = []
    var word: String?
    var quote: Character?
    var isEscaped = false

    mutating func take(_ character: Character) {
      if isEscaped { return escaped(character) }
      switch (quote, character) {
      case (nil, "\\"), ("\"", "\\"): isEscaped = true
      case (nil, "'"), (nil, "\""):
        quote = character
        word = word ?? ""
      case (.some(let open), _) where open == character: quote = nil
      case (nil, _) where character.isWhitespace: flush()
      default: word = (word ?? "") + String(character)
      }
    }

    /// Inside double quotes a backslash escapes only `"`, `\`, `$` and a backtick (POSIX XCU
    /// 2.2.3).
    private mutating func escaped(_ character: Character) {
      isEscaped = false
      let keepsBackslash = quote == "\"" && !"\"\\$`".contains(character)
      word = (word ?? "") + (keepsBackslash ? "\\" : "") + String(character)
    }

    mutating func flush() {
      if let word { words.append(word) }
      word = nil
    }
  }

  /// Splits a command into words: blanks separate, quotes and backslashes group; nothing else is
  /// special.
  ///
  /// - Throws: ``Problem`` for an unterminated quote or escape, or a NUL.
  public static func split(_ text: String) throws(Problem) -> [String] {
    guard !text.utf8.contains(0) else { throw .nul }
    var splitter = Splitter()
    for character in text { splitter.take(character) }
    if let quote = splitter.quote { throw .openQuote(quote) }
    if splitter.isEscaped { throw .openEscape }
    splitter.flush()
    return splitter.words
  }

  /// The words joined by spaces, quoted where a shell needs it.
  public static func joined(_ words: [String]) -> String { words.map(quoted).joined(separator: " ") }

  private static func quoted(_ word: String) -> String {
    let isPlain = word.utf8.allSatisfy {
      (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0) || $0 > 127
        || "%+,-./:=@_".utf8.contains($0)
    }
    if isPlain, !word.isEmpty { return word }
    return "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
  }
}
