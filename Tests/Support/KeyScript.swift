public import Cells

/// Keys written as a text: characters, and names in angle brackets, such as `x15<enter>` and `<^c>`.
public enum KeyScript {
  /// The keys of a script; an unknown name is F12.
  public static func keys(_ script: String) -> [Key] {
    var keys: [Key] = []
    var rest = script[...]
    while let first = rest.first {
      if first == "<", let end = rest.firstIndex(of: ">") {
        keys.append(key(String(rest[rest.index(after: rest.startIndex)..<end])))
        rest = rest[rest.index(after: end)...]
      } else {
        keys.append(.character(first))
        rest = rest.dropFirst()
      }
    }
    return keys
  }

  private static func key(_ name: String) -> Key {
    if name.hasPrefix("^"), let letter = name.last { return .control(letter) }
    return Key.Name.allCases.first { $0.rawValue.lowercased() == name }.map(Key.named) ?? .named(.f12)
  }
}
