import Cells

/// What a key does in a line that is being edited.
public enum LineCommand: Hashable, Sendable {
  case accept, cancel
  case edit(EditCommand)
}

/// The editing commands of a line.
public enum EditCommand: Hashable, Sendable {
  case left, right, start, end
  case deleteBefore, deleteAfter, deleteToStart, deleteToEnd, deleteWord
  case historyBack, historyForward
}

extension KeyTable<LineCommand> {
  /// The keys of every line.
  public static let line = KeyTable(
    "Lines you type",
    [
      Binding([.named(.enter)], .accept, "accept the line", hint: "accept"),
      Binding([.named(.escape), .control("c"), .control("g")], .cancel, "leave", hint: "leave"),
      Binding([.named(.left), .control("b")], .edit(.left), "one to the left"),
      Binding([.named(.right), .control("f")], .edit(.right), "one to the right"),
      Binding([.named(.home), .control("a")], .edit(.start), "to the beginning"),
      Binding([.named(.end), .control("e")], .edit(.end), "to the end"),
      Binding([.named(.backspace), .control("h")], .edit(.deleteBefore), "delete before the cursor"),
      Binding([.named(.delete)], .edit(.deleteAfter), "delete under the cursor"),
      Binding([.control("u")], .edit(.deleteToStart), "delete to the beginning"),
      Binding([.control("k")], .edit(.deleteToEnd), "delete to the end"),
      Binding([.control("w")], .edit(.deleteWord), "delete the word before"),
      Binding([.named(.up), .control("p")], .edit(.historyBack), "the line before in the history"),
      Binding([.named(.down), .control("n")], .edit(.historyForward), "the line after in the history"),
    ])
}

/// One line of text being edited, with a cursor and a position in a history.
public struct LineEditor: Hashable, Sendable {
  /// The maximum length of a line, in characters.
  public static let limit = 65_536

  private var characters: [Character]
  /// The cursor's position, from 0.
  public private(set) var cursor: Int
  /// The position in the history, counted backwards; 0 is the line being edited.
  private var back = 0
  private var typed: [Character] = []

  /// Creates an editor with a text and the cursor at its end.
  public init(_ text: String = "") {
    characters = Array(text.prefix(Self.limit))
    cursor = characters.count
  }

  /// The text.
  public var text: String { String(characters) }
  /// Whether the line is empty.
  public var isEmpty: Bool { characters.isEmpty }
  /// The text before the cursor.
  public var textBeforeCursor: String { String(characters[..<cursor]) }

  /// Inserts text at the cursor; characters beyond the limit are dropped.
  ///
  /// Line breaks become spaces, or one `\n` each when `keepsLines` is true.
  public mutating func insert(_ text: String, keepsLines: Bool = false) {
    let room = Self.limit - characters.count
    let added = text.prefix(max(0, room)).map { $0.isNewline ? (keepsLines ? "\n" : " ") : $0 }
    characters.insert(contentsOf: added, at: cursor)
    cursor += added.count
  }

  /// Performs an editing command.
  public mutating func perform(_ command: EditCommand, history: [String] = []) {
    switch command {
    case .left: cursor = max(0, cursor - 1)
    case .right: cursor = min(characters.count, cursor + 1)
    case .start: cursor = 0
    case .end: cursor = characters.count
    case .deleteBefore: delete(max(0, cursor - 1)..<cursor)
    case .deleteAfter: delete(cursor..<min(characters.count, cursor + 1))
    case .deleteToStart: delete(0..<cursor)
    case .deleteToEnd: delete(cursor..<characters.count)
    case .deleteWord: delete(startOfWord..<cursor)
    case .historyBack: recall(back + 1, history)
    case .historyForward: recall(back - 1, history)
    }
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
