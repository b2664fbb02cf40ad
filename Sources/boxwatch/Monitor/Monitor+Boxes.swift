import ArgumentParser
import BoxwatchUI
import ExecEngine

// The boxes for the start prompt: looked for on a thread, as engines may take their time.
extension Monitor {
  func listBoxes() {
    let (mailbox, catalogue, configuration) = (mailbox, session.boxes, session.configuration)
    inBackground("boxwatch-boxes") {
      let finders = BoxFinders.all(configuration)
      var found: [FoundBox] = []
      for (index, finder) in finders.enumerated() {
        found += finder.find()
        let choices = catalogue.choices(found, first: configuration.box)
        mailbox.post(.boxes(choices, isComplete: index == finders.count - 1))
      }
    }
  }

  /// What a sandbox has besides, from the words of the prompt.
  ///
  /// - Throws: ``Failure`` that says which option is wrong.
  static func sandbox(_ words: [String]) throws -> SandboxFlags {
    do {
      return try SandboxFlags.parse(words.map(expanded))
    } catch {
      throw Failure(SandboxFlags.message(for: error))
    }
  }

  /// A word with the home folder in place of `~`, which no shell has replaced here; also behind an option's `=`.
  private static func expanded(_ word: String) -> String {
    guard let home = Environment["HOME"] else { return word }
    let start = word.hasPrefix("--") ? word.firstIndex(of: "=").map { word.index(after: $0) } : word.startIndex
    guard let start, word[start...] == "~" || word[start...].hasPrefix("~/") else { return word }
    return word[..<start] + home + word[start...].dropFirst()
  }
}
