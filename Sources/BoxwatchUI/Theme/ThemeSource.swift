/// One theme file's content, or several merged along `inherits`, before colours are resolved.
struct ThemeSource: Hashable, Sendable {
  /// The theme's name, when the file gives one.
  var name: String?
  /// The theme this one builds on.
  var inherits: PlacedText?
  /// Named colours.
  var palette: [String: PlacedText] = [:]
  /// The entries of each section.
  var tiers: [ThemeTier: [Role: ThemeEntry]] = [:]

  /// This source laid over the one it inherits from: whole palette entries and whole roles replace the parent's.
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
