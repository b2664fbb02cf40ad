/// One line of text being typed, with a cursor and a place in a history.
public struct LineEditor: Hashable, Sendable {
  /// Most characters a line can have.
  public static let limit = 65_536

  private var characters: [Character]
  /// Where the next character goes, from 0.
  public private(set) var cursor: Int
  /// How many lines back in the history it stands; 0 is the line being typed.
  private var back = 0
  private var typed: [Character] = []

  /// An editor that starts with a text, the cursor at its end.
  public init(_ text: String = "") {
    characters = Array(text.prefix(Self.limit))
    cursor = characters.count
  }

  /// The text.
  public var text: String { String(characters) }
  /// Whether nothing was typed.
  public var isEmpty: Bool { characters.isEmpty }
  /// The text before the cursor.
  public var textBeforeCursor: String { String(characters[..<cursor]) }

  /// Types a text at the cursor; what is past the limit is dropped.
  ///
  /// Line breaks become spaces, or one `\n` each when they are to be kept.
  public mutating func insert(_ text: String, keepsLines: Bool = false) {
    let room = Self.limit - characters.count
    let added = text.prefix(max(0, room)).map { $0.isNewline ? (keepsLines ? "\n" : " ") : $0 }
    characters.insert(contentsOf: added, at: cursor)
    cursor += added.count
  }

  /// Does what an editing command asks; false when the command is none.
  public mutating func perform(_ command: Command, history: [String] = []) -> Bool {
    switch command {
    case .editLeft: cursor = max(0, cursor - 1)
    case .editRight: cursor = min(characters.count, cursor + 1)
    case .editStart: cursor = 0
    case .editEnd: cursor = characters.count
    case .deleteBefore: delete(max(0, cursor - 1)..<cursor)
    case .deleteAfter: delete(cursor..<min(characters.count, cursor + 1))
    case .deleteToStart: delete(0..<cursor)
    case .deleteToEnd: delete(cursor..<characters.count)
    case .deleteWord: delete(startOfWord..<cursor)
    case .historyBack: recall(back + 1, history)
    case .historyForward: recall(back - 1, history)
    default: return false
    }
    return true
  }

  private mutating func delete(_ range: Range<Int>) {
    characters.removeSubrange(range)
    cursor = range.lowerBound
  }

  private var startOfWord: Int {
    var start = cursor
    while start > 0, characters[start - 1].isWhitespace { start -= 1 }
    while start > 0, !characters[start - 1].isWhitespace { start -= 1 }
    return start
  }

  private mutating func recall(_ wanted: Int, _ history: [String]) {
    guard wanted >= 0, wanted <= history.count, wanted != back else { return }
    if back == 0 { typed = characters }
    back = wanted
    characters = wanted == 0 ? typed : Array(history[history.count - wanted].prefix(Self.limit))
    cursor = characters.count
  }
}

/// The lines that were accepted before, oldest first, for each kind of line.
public struct Histories: Hashable, Sendable {
  /// Most lines that are kept of a kind.
  static let limit = 200

  /// Commands.
  public var commands: [String] = []
  /// Options of sandboxes.
  public var options: [String] = []
  /// Lines for standard input.
  public var inputs: [String] = []
  /// Searches.
  public var searches: [String] = []

  /// No line yet.
  public init() {}

  /// Adds a line at the end; the same one before it goes.
  static func add(_ line: String, to lines: inout [String]) {
    guard !line.isEmpty else { return }
    lines.removeAll { $0 == line }
    lines.append(line)
    lines.removeFirst(max(0, lines.count - limit))
  }
}
