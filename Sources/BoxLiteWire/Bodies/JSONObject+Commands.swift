package import JSON

// Fields that become the words, variables and user of a command.
extension JSONObject {
  /// Text that becomes a word of a command, and so must not contain NUL; nil when it is missing or
  /// `null`.
  package func word(_ name: String) throws(JSONError) -> String? {
    let text = try string(name)
    try Self.check(text ?? "", name)
    return text
  }

  /// A user's name, `NAME|UID[:GROUP|GID]`; nil when it is missing, `null` or blank.
  package func user(_ name: String) throws(JSONError) -> String? {
    try word(name).flatMap { $0.allSatisfy(\.isWhitespace) ? nil : $0 }
  }

  /// Text that becomes words of a command.
  package func words(_ name: String) throws(JSONError) -> [String] {
    let words = try strings(name)
    for (index, word) in words.enumerated() { try Self.check(word, "\(name)[\(index)]") }
    return words
  }

  /// Variables in order, each with a valid name; of a repeated name the last one counts.
  package func variables(_ name: String) throws(JSONError) -> [(name: String, value: String)] {
    let variables = try textMap(name)
    for variable in variables {
      guard !variable.name.isEmpty, !variable.name.utf8.contains(where: { $0 == 0 || $0 == UInt8(ascii: "=") }) else {
        throw JSONError("field '\(name)': '\(variable.name.prefix(200))' is not a valid name of a variable")
      }
      try Self.check(variable.value, "\(name).\(variable.name)")
    }
    return variables
  }

  private static func check(_ word: String, _ name: String) throws(JSONError) {
    guard !word.utf8.contains(0) else { throw JSONError("field '\(name)' must not contain a NUL byte") }
  }
}
