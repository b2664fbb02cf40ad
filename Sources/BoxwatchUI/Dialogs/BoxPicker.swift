/// A capability of a box; the raw value is its label on the screen.
public enum BoxAbility: String, Hashable, Sendable, CaseIterable {
  /// Commands can have a terminal.
  case terminal = "tty"
  /// Commands can read standard input.
  case input = "stdin"
  /// Signals reach the command itself.
  case signals
  /// A terminal can be resized while the command runs.
  case resize
  /// A kill reaches every process that the command started.
  case killAll = "kill-all"
  /// The command can be reattached after the boxwatch that started it is gone.
  case reattach
  /// Memory and processor usage can be measured.
  case usage
  /// Processes that hold a stream open after the exit can be listed.
  case holders
}

/// A box in the start prompt, and its capabilities.
public struct BoxChoice: Hashable, Sendable {
  /// Its name, as `--box` takes it.
  public var name: String
  /// Its kind, in one or two words.
  public var kind: String
  /// A one-line description.
  public var detail: String
  /// Why it cannot be used now, in one sentence; nil when it can be used or was not checked.
  public var problem: String?
  /// The missing capabilities, each with the reason as a clause.
  public var missing: [BoxAbility: String]
  /// Whether it takes sandbox options for a single command.
  public var takesOptions: Bool

  /// Creates a choice; every capability is present unless stated otherwise.
  public init(
    name: String, kind: String = "", detail: String = "", problem: String? = nil, missing: [BoxAbility: String] = [:],
    takesOptions: Bool = false
  ) {
    self.name = name
    self.kind = kind
    self.detail = detail
    self.problem = problem
    self.missing = missing
    self.takesOptions = takesOptions
  }

  /// Whether it has a capability.
  public func can(_ ability: BoxAbility) -> Bool { missing[ability] == nil }

  /// A one-line summary.
  var summary: String { [kind, detail].filter { !$0.isEmpty }.joined(separator: ": ") }

  /// Whether every word of a query occurs in its name or description.
  func fits(_ query: String) -> Bool {
    let told = "\(name) \(kind) \(detail)".lowercased()
    return query.lowercased().split(separator: " ").allSatisfy { told.contains($0) }
  }

  /// The missing capabilities, one line each with the reason.
  var reasons: [String] {
    BoxAbility.allCases.compactMap { ability in missing[ability].map { "no \(ability.rawValue): \($0)" } }
  }
}

/// The box list of the start prompt: arrow keys select; typing filters, or names a box that is not
/// listed.
public struct BoxPicker: Hashable, Sendable {
  /// The maximum length of the filter, in characters.
  static let queryLimit = 200

  /// The prompt to return to.
  public var prompt: StartPrompt
  /// The text of the filter.
  public private(set) var query = ""
  /// The selected box; it stays selected when the list changes.
  public private(set) var chosen: String
  /// Whether the search for boxes is still running.
  public var isListing = true
  /// Whether the reasons for missing capabilities are shown.
  public var explains = false

  /// Creates a list with the prompt's box selected.
  public init(_ prompt: StartPrompt) {
    self.prompt = prompt
    chosen = prompt.box
  }

  /// The boxes that match the filter.
  public func shown(of boxes: [BoxChoice]) -> [BoxChoice] { boxes.filter { $0.fits(query) } }

  /// The index of the selected box among those shown; 0 when it is not among them.
  public func index(in shown: [BoxChoice]) -> Int { shown.firstIndex { $0.name == chosen } ?? 0 }

  /// Selects by index among the boxes shown, clamped to the valid range.
  mutating func choose(_ index: Int, in shown: [BoxChoice]) {
    guard !shown.isEmpty else { return }
    chosen = shown[min(max(0, index), shown.count - 1)].name
  }

  /// Appends text to the filter.
  mutating func type(_ text: String) {
    query = String((query + text.map { $0.isNewline ? " " : $0 }).prefix(Self.queryLimit))
  }

  /// Deletes the last character of the filter, or all of it.
  mutating func untype(all: Bool = false) { query = all ? "" : String(query.dropLast()) }
}
