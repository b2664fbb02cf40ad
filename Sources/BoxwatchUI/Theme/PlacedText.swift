/// A scalar of a theme file with its place, kept until the palettes of all inherited files are known.
struct PlacedText: Hashable, Sendable {
  /// What the file says.
  var text: String
  /// Where it says it.
  var place: ThemePlace
}
