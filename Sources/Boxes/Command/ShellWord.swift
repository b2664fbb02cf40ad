/// Words as a POSIX shell reads them back.
enum ShellWord {
  /// The words quoted where they need it, joined by spaces.
  static func joined(_ words: [String]) -> String { words.map(quoted).joined(separator: " ") }

  /// One word: as it is when no shell would change it, else in single quotes.
  static func quoted(_ word: String) -> String {
    guard word.isEmpty || !word.utf8.allSatisfy(isPlain) else { return word }
    // By scalars: to a shell, a quote that a combining mark follows is a quote, and to Swift it is another character.
    let parts = word.unicodeScalars.split(separator: "'", omittingEmptySubsequences: false).map(String.init)
    return "'" + parts.joined(separator: #"'\''"#) + "'"
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: "-_./,:@%+".utf8.contains(byte)
    }
  }
}
