public import Cells

/// How every role looks at every colour depth; a plain value, complete by construction.
public struct Theme: Hashable, Sendable {
  /// The name people choose it by.
  public let name: String
  private let styles: [ColorDepth: [Role: Style]]

  /// Makes a theme from resolved sections; what a tier leaves open comes from the built-in one of that tier.
  init(name: String, tiers: [ThemeTier: [Role: RoleStyle]]) {
    self.name = name
    var styles: [ColorDepth: [Role: Style]] = [:]
    for depth in ColorDepth.allCases {
      let entries = tiers[ThemeTier(depth)] ?? Self.builtInTiers[ThemeTier(depth)] ?? [:]
      styles[depth] = Self.table(entries, depth: depth)
    }
    self.styles = styles
  }

  /// How a role looks.
  public func style(_ role: Role, depth: ColorDepth) -> Style { styles[depth]?[role] ?? .plain }

  private static func table(_ entries: [Role: RoleStyle], depth: ColorDepth) -> [Role: Style] {
    var table: [Role: Style] = [:]
    for role in Role.allCases { table[role] = resolve(role, entries).reduced(to: depth) }
    return table
  }

  private static func resolve(_ role: Role, _ entries: [Role: RoleStyle]) -> Style {
    let parent = role.parent.map { resolve($0, entries) } ?? .plain
    return entries[role]?.filled(from: parent) ?? parent
  }
}
