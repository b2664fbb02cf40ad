import Cells

/// The content of a theme file, or of several merged along `inherits`, before colours are resolved.
struct ThemeSource: Hashable, Sendable {
  /// The theme's name, if the file gives one.
  var name: String?
  /// The theme that this one inherits from.
  var inherits: PlacedText?
  /// Named colours.
  var palette: [String: PlacedText] = [:]
  /// The entries of each section.
  var tiers: [ThemeTier: [Role: ThemeEntry]] = [:]

  /// This source merged over its parent: whole palette entries and whole roles replace the
  /// parent's.
  func over(_ parent: ThemeSource) -> ThemeSource {
    var merged = parent
    merged.name = name
    merged.inherits = inherits
    merged.palette.merge(palette) { _, mine in mine }
    for (tier, entries) in tiers {
      merged.tiers[tier, default: [:]].merge(entries) { _, mine in mine }
    }
    return merged
  }
}

/// The colour literals of theme files: `""`, `default`, `#rrggbb`, the sixteen ANSI names, and numbers.
enum ColorNames {
  /// The ANSI names in palette order, 0 to 15 (with the same spelling as in helix).
  static let ansi = [
    "black", "red", "green", "yellow", "blue", "magenta", "cyan", "white",
    "bright-black", "bright-red", "bright-green", "bright-yellow",
    "bright-blue", "bright-magenta", "bright-cyan", "bright-white",
  ]

  /// The colour of a literal; nil when it is not one.
  static func color(_ text: String) -> Color? {
    if text.isEmpty || text == "default" { return .standard }
    if text.hasPrefix("#") { return hex(text.dropFirst()) }
    if let index = ansi.firstIndex(of: text), let number = UInt8(exactly: index) { return .indexed(number) }
    if text == "gray" || text == "grey" { return .indexed(8) }
    return UInt8(text).map(Color.indexed)
  }

  private static func hex(_ digits: Substring) -> Color? {
    guard digits.utf8.count == 6, digits.allSatisfy(\.isHexDigit), let value = UInt32(digits, radix: 16) else {
      return nil
    }
    return .rgb(UInt8(value >> 16 & 255), UInt8(value >> 8 & 255), UInt8(value & 255))
  }
}

/// Suggests names similar to an unknown one.
enum NearNames {
  /// Up to three of the nearest candidates, within an edit distance of a third of the name's
  /// length.
  static func near(_ name: String, in candidates: [String]) -> [String] {
    let limit = max(2, name.utf8.count / 3)
    let scored = candidates.map { (name: $0, distance: distance(name, $0)) }.filter { $0.distance <= limit }
    let nearest = scored.map(\.distance).min()
    return scored.filter { $0.distance == nearest }.map(\.name).sorted().prefix(3).map(\.self)
  }

  /// A clause that lists similar names, or the start of the whole list when there are none.
  static func clause(_ name: String, in candidates: [String]) -> String {
    let found = near(name, in: candidates)
    guard found.isEmpty else { return "did you mean \(found.joined(separator: ", "))?" }
    return "known are \(candidates.joined(separator: ", "))"
  }

  /// The Levenshtein distance in bytes; names longer than 64 bytes count as distant.
  private static func distance(_ left: String, _ right: String) -> Int {
    let source = Array(left.utf8)
    let target = Array(right.utf8)
    guard source.count <= 64, target.count <= 64 else { return .max }
    var row = Array(0...target.count)
    for (index, byte) in source.enumerated() {
      var diagonal = row[0]
      row[0] = index + 1
      for column in target.indices {
        let substitution = diagonal + (byte == target[column] ? 0 : 1)
        diagonal = row[column + 1]
        row[column + 1] = min(substitution, diagonal + 1, row[column] + 1)
      }
    }
    return row[target.count]
  }
}

extension Theme {
  /// The maximum depth of inheritance.
  private static let deepest = 16

  /// Parses a theme file's text.
  ///
  /// - Parameters:
  ///   - yaml: the file's text.
  ///   - file: its name for errors, and for the theme when the file gives none.
  ///   - load: returns the text of a theme by name, for `inherits`; nil when there is none.
  /// - Throws: ``ThemeError`` with file, line, column and role.
  public init(yaml: String, file: String, load: (String) -> String? = { _ in nil }) throws(ThemeError) {
    let source = try Self.gather(yaml, file: file, chain: [Self.stem(file)], load: load)
    var tiers: [ThemeTier: [Role: RoleStyle]] = [:]
    for (tier, entries) in source.tiers {
      // A palette may define a 24-bit colour `red`: in the other tiers that name is the terminal's
      // red.
      tiers[tier] = try Self.resolve(entries, tier: tier, palette: tier == .roles ? source.palette : [:])
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
      throw parent.place.error(
        "the themes inherit from each other in a cycle: " + (chain + [parent.text]).joined(separator: " → "))
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
    // In the order of the roles, so that of several errors the same one is always reported.
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
