public import Cells

/// A theme's entry for one role; unset properties come from the role's parent.
struct RoleStyle: Hashable, Sendable {
  /// The foreground colour, if set.
  var foreground: Color?
  /// The background colour, if set.
  var background: Color?
  /// The modifiers, if set; an empty list means none, instead of the parent's.
  var attributes: Attributes?

  /// This style with its unset properties filled from a parent's.
  func filled(from parent: Style) -> Style {
    Style(
      foreground: foreground ?? parent.foreground, background: background ?? parent.background,
      attributes: attributes ?? parent.attributes)
  }
}

/// The meaning of a part of the screen, which a theme maps to a style.
///
/// The raw values are used in theme files. A name with dots falls back to the name without its last
/// part.
public enum Role: String, Hashable, Sendable, CaseIterable {
  case text, dim, border
  case borderFocus = "border.focus"
  case title
  case titleFocus = "title.focus"
  case statusbar
  case statusbarKey = "statusbar.key"
  case selection, cursorline, search
  case searchMatch = "search.match"
  case searchCurrent = "search.current"
  case scrollbar, stream
  case streamStdout = "stream.stdout"
  case streamStderr = "stream.stderr"
  case streamStdin = "stream.stdin"
  case streamMeta = "stream.meta"
  case gutter
  case gutterTime = "gutter.time"
  case gutterTag = "gutter.tag"
  /// Nothing is drawn with it; it is kept because a theme file that names an unknown role is refused.
  case gutterLineNumber = "gutter.lineno"
  case exec
  case execPending = "exec.pending"
  case execRunning = "exec.running"
  case execDraining = "exec.draining"
  case execOK = "exec.ok"
  case execFailed = "exec.failed"
  case execSignalled = "exec.signalled"
  case execKilled = "exec.killed"
  case execLost = "exec.lost"
  case execAttached = "exec.attached"
  case follow
  case followOn = "follow.on"
  case followOff = "follow.off"
  case gap, truncated, warning, error, info, dialog, button
  case buttonFocus = "button.focus"
  case graph
  case graphCPU = "graph.cpu"
  case graphMemory = "graph.mem"
  case help
  case helpKey = "help.key"
  case helpText = "help.text"

  /// The role that fills the unset properties of this one; nil for ``text``, the root.
  public var parent: Role? {
    guard self != .text else { return nil }
    guard let dot = rawValue.lastIndex(of: ".") else { return .text }
    return Role(rawValue: String(rawValue[..<dot])) ?? .text
  }
}

/// The sections of a theme file that contain styles; the raw values are used in files.
enum ThemeTier: String, Hashable, Sendable, CaseIterable {
  case roles, ansi16, mono

  /// The section for a colour depth.
  init(_ depth: ColorDepth) {
    switch depth {
    case .mono: self = .mono
    case .eight, .sixteen: self = .ansi16
    case .indexed256, .truecolor: self = .roles
    }
  }
}

/// The style of every role at every colour depth; a complete value by construction.
public struct Theme: Hashable, Sendable {
  /// The name that selects it.
  public let name: String
  private let styles: [ColorDepth: [Role: Style]]

  /// Creates a theme from resolved sections; unset properties of a tier come from the built-in
  /// theme's tier.
  init(name: String, tiers: [ThemeTier: [Role: RoleStyle]]) {
    self.name = name
    var styles: [ColorDepth: [Role: Style]] = [:]
    for depth in ColorDepth.allCases {
      let entries = tiers[ThemeTier(depth)] ?? Self.builtInTiers[ThemeTier(depth)] ?? [:]
      styles[depth] = Self.table(entries, depth: depth)
    }
    self.styles = styles
  }

  /// The style of a role.
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

extension Theme {
  /// The theme that needs no file, with the user's sixteen colours and default background.
  ///
  /// It replaces a broken theme file, and fills the tiers that a file leaves out.
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

/// One role's entry in a file, with unresolved colours.
struct ThemeEntry: Hashable, Sendable {
  /// The `fg` value.
  var foreground: PlacedText?
  /// The `bg` value.
  var background: PlacedText?
  /// The `modifiers`, which need no palette.
  var attributes: Attributes?
}
