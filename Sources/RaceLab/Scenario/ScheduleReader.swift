import ExecModel

/// An error in a schedule's text: where, and what was expected.
public struct ScheduleError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The column of the first wrong character, from 1; one past the last when something is missing.
  public let column: Int
  /// What is wrong and what was expected, without the column.
  public let message: String

  /// Makes an error at a column.
  public init(column: Int, message: String) {
    self.column = column
    self.message = message
  }

  /// One sentence: `column 6: unexpected 'O'; expected one of o e x`.
  public var description: String { "column \(column): \(message)" }
}

/// Parses a schedule's text from left to right and tracks the column.
struct ScheduleReader {
  private let characters: [Character]
  private var index = 0

  init(_ text: String) { characters = Array(text) }

  private var next: Character? { index < characters.count ? characters[index] : nil }

  private func failure(_ expected: String) -> ScheduleError {
    let found = next.map { "unexpected '\($0)'" } ?? "the text ends"
    return ScheduleError(column: index + 1, message: "\(found); expected \(expected)")
  }

  private mutating func take(_ letter: Character) -> Bool {
    guard next == letter else { return false }
    index += 1
    return true
  }

  private mutating func number(upTo most: Int, _ what: String) throws(ScheduleError) -> Int {
    let start = index
    var value = 0
    while let digit = next?.wholeNumberValue, next?.isASCII == true, value <= most {
      value = value * 10 + digit
      index += 1
    }
    guard index > start else { throw failure("the number of \(what), 0 to \(most)") }
    guard value <= most else {
      throw ScheduleError(column: start + 1, message: "too many \(what); expected 0 to \(most)")
    }
    return value
  }

  /// Parses the part up to and including the colon.
  mutating func scenario() throws(ScheduleError) -> Scenario {
    guard take("o") else { throw failure("a scenario such as o1e1") }
    let stdout = try number(upTo: Scenario.mostChunks, "chunks of stdout")
    guard take("e") else { throw failure("e and the number of chunks of stderr") }
    let stderr = try number(upTo: Scenario.mostChunks, "chunks of stderr")
    var waiters = 0
    var optional: [Character] = ["w", "l", "g", "d", "f"]
    var found: Set<Character> = []
    while let letter = next, let place = optional.firstIndex(of: letter) {
      optional.removeFirst(place + 1)
      found.insert(letter)
      index += 1
      if letter == "w" { waiters = try number(upTo: Scenario.mostWaiters, "waiters") }
    }
    guard take(":") else { throw failure((optional.map(String.init) + [":"]).joined(separator: " or ")) }
    do {
      return try Scenario(
        stdout: stdout, stderr: stderr, waiters: waiters, lateWaiter: found.contains("l"),
        grandchild: found.contains("g"), deadline: found.contains("d"), forceClose: found.contains("f"))
    } catch {
      throw ScheduleError(column: 1, message: error.description)
    }
  }

  /// Parses the letters after the colon.
  mutating func steps(of scenario: Scenario) throws(ScheduleError) -> [Source] {
    var sources: [Source] = []
    var position = Position()
    while let letter = next {
      if " .,-_".contains(letter) {
        index += 1
        continue
      }
      let enabled = Source.allCases.filter { scenario.isEnabled($0, at: position) }
      let letters = enabled.compactMap { scenario.nextStep($0, at: position)?.letter }
      guard let place = letters.firstIndex(of: letter) else {
        throw failure(Self.words(letters))
      }
      sources.append(enabled[place])
      position.advance(enabled[place])
      index += 1
    }
    return sources
  }

  private static func words(_ letters: [Character]) -> String {
    switch letters.count {
    case 0: "nothing more"
    case 1: String(letters)
    default: "one of " + letters.map(String.init).joined(separator: " ")
    }
  }
}
