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

extension Model {
  /// The box of a name, if it is in the list.
  func choice(_ name: String) -> BoxChoice? { boxes.first { $0.name == name } }

  /// The next usable box, wrapping around at the end.
  func nextBox(after name: String) -> String {
    let index = boxes.firstIndex { $0.name == name } ?? -1
    let ordered = boxes[(index + 1)...] + boxes[..<(index + 1)]
    return ordered.first { $0.problem == nil }?.name ?? name
  }

  /// Replaces the box list with the boxes found so far; the default stays first.
  mutating func take(boxes found: [BoxChoice], isComplete: Bool) {
    let first = boxes.first?.name
    boxes = found.filter { $0.name == first } + found.filter { $0.name != first }
    guard isComplete, case .boxes(var picker) = dialog else { return }
    picker.isListing = false
    dialog = .boxes(picker)
  }
}
