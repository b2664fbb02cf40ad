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
