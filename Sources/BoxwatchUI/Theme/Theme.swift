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
      let entries = tiers[depth.tier] ?? Self.builtInTiers[depth.tier] ?? [:]
      styles[depth] = Self.table(entries, depth: depth)
    }
    self.styles = styles
  }

  /// How a role looks.
  public func style(_ role: Role, depth: ColorDepth) -> Style { styles[depth]?[role] ?? .plain }

  private static func table(_ entries: [Role: RoleStyle], depth: ColorDepth) -> [Role: Style] {
    var table: [Role: Style] = [:]
    for role in Role.allCases { table[role] = fitted(resolve(role, entries), to: depth) }
    return table
  }

  private static func resolve(_ role: Role, _ entries: [Role: RoleStyle]) -> Style {
    let parent = role.parent.map { resolve($0, entries) } ?? .plain
    return entries[role]?.filled(from: parent) ?? parent
  }

  /// Eight colours: a bright foreground becomes bold, a bright background its dark half.
  private static func fitted(_ style: Style, to depth: ColorDepth) -> Style {
    guard depth == .ansi8 else { return style }
    var style = style
    if case .indexed(let number) = style.foreground, number >= 8 {
      style.foreground = .indexed(number & 7)
      style.attributes.insert(.bold)
    }
    if case .indexed(let number) = style.background, number >= 8 { style.background = .indexed(number & 7) }
    return style
  }
}
