/// A list to choose from: arrows move, typed letters and digits jump.
public struct Menu: Hashable, Sendable {
  /// One thing to choose.
  public struct Item: Hashable, Sendable {
    /// What is shown.
    public var label: String
    /// Texts that typing may begin with to jump here, in lower case.
    public var keys: [String]

    /// Makes an item.
    public init(label: String, keys: [String]) {
      self.label = label
      self.keys = keys
    }
  }

  /// The things to choose from; never empty while shown.
  public let items: [Item]
  /// The chosen one.
  public private(set) var index: Int
  /// What was typed so far.
  public private(set) var query = ""

  /// A menu that stands at an item.
  public init(items: [Item], index: Int = 0) {
    self.items = items
    self.index = min(max(0, index), max(0, items.count - 1))
  }

  /// Moves by some items, stopping at the ends.
  public mutating func move(by count: Int) {
    index = min(max(0, index &+ count), max(0, items.count - 1))
    query = ""
  }

  /// Jumps to the first item that begins with what was typed so far; a letter that fits nothing begins anew.
  public mutating func type(_ character: Character) {
    let letter = character.lowercased()
    for attempt in [query + letter, letter] {
      guard let found = firstIndex(beginningWith: attempt) else { continue }
      query = attempt
      index = found
      return
    }
    query = ""
  }

  /// Takes back the last typed letter.
  public mutating func untype() {
    query = String(query.dropLast())
    if let found = firstIndex(beginningWith: query), !query.isEmpty { index = found }
  }

  private func firstIndex(beginningWith text: String) -> Int? {
    items.firstIndex { $0.keys.contains(text) } ?? items.firstIndex { $0.keys.contains { $0.hasPrefix(text) } }
  }
}
