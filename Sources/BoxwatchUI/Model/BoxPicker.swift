/// Something that a box may be able to do for its commands; the raw name is what the screen says.
public enum BoxAbility: String, Hashable, Sendable, CaseIterable {
  /// They can have a terminal.
  case terminal = "tty"
  /// They can read what is written to them.
  case input = "stdin"
  /// Signals reach the command itself.
  case signals
  /// A terminal can change its size while the command runs.
  case resize
  /// A kill reaches everything that the command has started.
  case killAll = "kill-all"
  /// The command can be attached to when the boxwatch that started it is gone.
  case reattach
  /// What it uses of memory and processors can be told.
  case usage
  /// Who holds a stream after the exit can be named.
  case holders
}

/// A box that the start prompt offers, and what it can do.
public struct BoxChoice: Hashable, Sendable {
  /// Its name, as `--box` takes it.
  public var name: String
  /// What it is, in one or two words.
  public var kind: String
  /// One line about it.
  public var detail: String
  /// Why it cannot be used now, in one sentence; nil when it can, or nobody looked.
  public var problem: String?
  /// What it cannot do, each with the reason as a clause.
  public var missing: [BoxAbility: String]
  /// Whether it takes a sandbox's options for one command.
  public var takesOptions: Bool

  /// Makes a choice; everything is possible unless said otherwise.
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

  /// Whether it can do something.
  public func can(_ ability: BoxAbility) -> Bool { missing[ability] == nil }

  /// What it is, in a line.
  var summary: String { [kind, detail].filter { !$0.isEmpty }.joined(separator: ": ") }

  /// Whether every word of a query is in what is told of it.
  func fits(_ query: String) -> Bool {
    let told = "\(name) \(kind) \(detail)".lowercased()
    return query.lowercased().split(separator: " ").allSatisfy { told.contains($0) }
  }

  /// What it cannot do, each in a line with the reason.
  var reasons: [String] {
    BoxAbility.allCases.compactMap { ability in missing[ability].map { "no \(ability.rawValue): \($0)" } }
  }
}

/// The list of boxes for the start prompt: arrows choose, typing narrows it down or names one that is not listed.
public struct BoxPicker: Hashable, Sendable {
  /// Most characters that narrow the list down.
  static let queryLimit = 200

  /// The prompt that waits behind.
  public var prompt: StartPrompt
  /// What was typed.
  public private(set) var query = ""
  /// The chosen box, which stays chosen when others come and go.
  public private(set) var chosen: String
  /// Whether more may be found.
  public var isListing = true
  /// Whether the reasons for what is missing are shown.
  public var explains = false

  /// A list that stands at the prompt's box.
  public init(_ prompt: StartPrompt) {
    self.prompt = prompt
    chosen = prompt.box
  }

  /// The boxes that fit what was typed.
  public func shown(of boxes: [BoxChoice]) -> [BoxChoice] { boxes.filter { $0.fits(query) } }

  /// The chosen box's index among those shown; 0 when it is not among them.
  public func index(in shown: [BoxChoice]) -> Int { shown.firstIndex { $0.name == chosen } ?? 0 }

  /// Chooses by the index among those shown, as near as there is one.
  mutating func choose(_ index: Int, in shown: [BoxChoice]) {
    guard !shown.isEmpty else { return }
    chosen = shown[min(max(0, index), shown.count - 1)].name
  }

  /// Narrows the list down.
  mutating func type(_ text: String) {
    query = String((query + text.map { $0.isNewline ? " " : $0 }).prefix(Self.queryLimit))
  }

  /// Takes back the last typed character, or all of them.
  mutating func untype(all: Bool = false) { query = all ? "" : String(query.dropLast()) }
}
