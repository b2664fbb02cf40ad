import Cells

extension Theme {
  /// The theme that needs no file: the user's own sixteen colours and default background.
  ///
  /// It is what a broken theme file falls back to, and what fills tiers a file leaves out.
  public static let builtIn = Theme(name: "built-in", tiers: builtInTiers)

  static let builtInTiers: [ThemeTier: [Role: RoleStyle]] = [
    .roles: sixteen, .ansi16: sixteen, .mono: monochrome,
  ]

  private static func color(_ number: UInt8, _ attributes: Attributes? = nil) -> RoleStyle {
    RoleStyle(foreground: .indexed(number), attributes: attributes)
  }

  private static func only(_ attributes: Attributes) -> RoleStyle { RoleStyle(attributes: attributes) }

  private static let sixteen: [Role: RoleStyle] = [
    .dim: color(8), .border: color(8), .borderFocus: color(4, .bold), .title: only([]), .titleFocus: only(.bold),
    .statusbarKey: color(4, .bold), .selection: only(.reverse), .cursorline: only(.bold),
    .searchMatch: RoleStyle(foreground: .indexed(0), background: .indexed(3)),
    .searchCurrent: RoleStyle(foreground: .indexed(0), background: .indexed(11), attributes: .bold),
    .scrollbar: color(8), .streamMeta: color(6), .streamStdin: color(2), .gutter: color(8),
    .gutterTag: color(5, .bold), .execPending: color(8), .execRunning: color(4, .bold), .execDraining: color(3, .bold),
    .execOK: color(2), .execFailed: color(1, .bold), .execSignalled: color(5, .bold), .execKilled: color(5),
    .execLost: color(1, .bold), .execAttached: color(6), .followOn: color(2), .followOff: color(3, .bold),
    .gap: color(3), .truncated: color(3, .bold), .warning: color(3), .error: color(1, .bold), .info: color(6),
    .button: only([]), .buttonFocus: only([.reverse, .bold]), .graphCPU: color(4), .graphMemory: color(5),
    .helpKey: color(4, .bold),
  ]

  private static let monochrome: [Role: RoleStyle] = [
    .dim: only(.dim), .border: only(.dim), .borderFocus: only(.bold), .titleFocus: only(.bold),
    .statusbarKey: only(.bold), .selection: only(.reverse), .cursorline: only(.bold), .searchMatch: only(.underline),
    .searchCurrent: only([.underline, .reverse]), .scrollbar: only(.dim), .streamMeta: only(.dim),
    .gutter: only(.dim), .gutterTag: only(.bold), .execPending: only(.dim), .execRunning: only(.bold),
    .execDraining: only([.bold, .underline]), .execFailed: only([.bold, .reverse]), .execSignalled: only(.bold),
    .execKilled: only(.bold), .execLost: only([.bold, .reverse]), .followOff: only(.bold), .gap: only(.bold),
    .truncated: only([.bold, .underline]), .warning: only(.bold), .error: only([.bold, .reverse]),
    .buttonFocus: only([.reverse, .bold]), .helpKey: only(.bold),
  ]
}
