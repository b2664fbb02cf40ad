/// The sections of a theme file that hold styles; the raw names are what files write.
enum ThemeTier: String, Hashable, Sendable, CaseIterable {
  case roles, ansi16, mono
}
