internal import Cells

extension Theme {
  /// How many themes may inherit from one another in a row.
  private static let deepest = 16

  /// Reads a theme file's text.
  ///
  /// - Parameters:
  ///   - yaml: the file's text.
  ///   - file: its name for errors, and for the theme when it names none.
  ///   - load: the text of a theme by name, for `inherits`; nil when there is none.
  /// - Throws: ``ThemeError`` with file, line, column and role.
  public init(yaml: String, file: String, load: (String) -> String? = { _ in nil }) throws(ThemeError) {
    let source = try Self.gather(yaml, file: file, chain: [Self.stem(file)], load: load)
    var tiers: [ThemeTier: [Role: RoleStyle]] = [:]
    for (tier, entries) in source.tiers {
      tiers[tier] = try Self.resolve(entries, tier: tier, palette: source.palette)
    }
    self.init(name: source.name ?? Self.stem(file), tiers: tiers)
  }

  private static func stem(_ file: String) -> String {
    let last = file.split(separator: "/").last.map(String.init) ?? file
    return last.hasSuffix(".yaml") ? String(last.dropLast(5)) : last
  }

  private static func gather(
    _ yaml: String, file: String, chain: [String], load: (String) -> String?
  ) throws(ThemeError) -> ThemeSource {
    let source = try ThemeReader(file: file).read(yaml)
    guard let parent = source.inherits else { return source }
    guard !chain.contains(parent.text), chain.count < deepest else {
      throw parent.place.error("the themes inherit in a circle: " + (chain + [parent.text]).joined(separator: " → "))
    }
    guard let text = load(parent.text) else {
      throw parent.place.error("there is no theme '\(parent.text)' to inherit from")
    }
    return source.over(
      try gather(text, file: parent.text + ".yaml", chain: chain + [parent.text], load: load))
  }

  private static func resolve(
    _ entries: [Role: ThemeEntry], tier: ThemeTier, palette: [String: PlacedText]
  ) throws(ThemeError) -> [Role: RoleStyle] {
    var styles: [Role: RoleStyle] = [:]
    // In the roles' own order, so that of several errors always the same one is told.
    for role in Role.allCases {
      guard let entry = entries[role] else { continue }
      styles[role] = RoleStyle(
        foreground: try color(entry.foreground, role, tier, palette),
        background: try color(entry.background, role, tier, palette), attributes: entry.attributes)
    }
    return styles
  }

  private static func color(
    _ text: PlacedText?, _ role: Role, _ tier: ThemeTier, _ palette: [String: PlacedText]
  ) throws(ThemeError) -> Color? {
    guard let text else { return nil }
    guard let color = ColorNames.color(palette[text.text]?.text ?? text.text) else {
      let known = palette.keys.sorted() + ColorNames.ansi
      throw text.place.error("no colour '\(text.text)'; " + NearNames.clause(text.text, in: known), role: role.rawValue)
    }
    if let reason = refusal(of: color, in: tier) { throw text.place.error(reason, role: role.rawValue) }
    return color
  }

  private static func refusal(of color: Color, in tier: ThemeTier) -> String? {
    switch (tier, color) {
    case (.mono, .indexed), (.mono, .rgb): "the mono section has no colours, only modifiers"
    case (.ansi16, .rgb): "the ansi16 section takes the sixteen ANSI colours only"
    case (.ansi16, .indexed(let number)) where number > 15: "the ansi16 section takes colours 0 to 15 only"
    case (_, .standard), (.roles, _), (.ansi16, .indexed): nil
    }
  }
}
